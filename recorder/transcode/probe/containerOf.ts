/** A container that is accepted, and the demuxer of ffmpeg that reads it. No other demuxer is ever used. */
export interface Container {
  /** What people call it. */
  name: string;
  demuxer: string;
  /** It has an index by which ffmpeg finds a keyframe exactly. Of others, decoding begins earlier. */
  isIndexed: boolean;
}

const mp4: Container = { name: 'MP4', demuxer: 'mov', isIndexed: true };
const matroska: Container = { name: 'Matroska', demuxer: 'matroska', isIndexed: true };
const transportStream: Container = { name: 'MPEG-TS', demuxer: 'mpegts', isIndexed: false };
const indexless = (name: string, demuxer: string): Container => ({ name, demuxer, isIndexed: false });

/** Bytes of a file that `containerOf` needs. */
export const containerHeadBytes = 1024;

/** ISO/IEC 14496-12 §4.2: the boxes with which a file begins, those of old QuickTime files included. */
const firstBoxes = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp', 'sidx', 'moof']);
const asfHeader = '3026b2758e66cf11';
const transportPacketBytes = [188, 192, 204];

/** Finds the container by the first bytes of a file, never by its name. Undefined for everything else, playlists and images included. */
export function containerOf(head: Uint8Array): Container | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (firstBoxes.has(text(4, 8))) return mp4;
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0x1a45dfa3) return matroska;
  if (['RIFF', 'RF64', 'RIFX'].includes(text(0, 4))) return riff(text(8, 12));
  if (isTransportStream(bytes)) return transportStream;
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0x000001ba) return indexless('MPEG', 'mpeg');
  if (text(0, 3) === 'FLV') return indexless('FLV', 'flv');
  if (bytes.toString('hex', 0, 8) === asfHeader) return indexless('Windows Media', 'asf');
  return audioContainerOf(bytes);
}

function riff(kind: string): Container | undefined {
  if (kind === 'AVI ') return indexless('AVI', 'avi');
  return kind === 'WAVE' ? indexless('WAV', 'wav') : undefined;
}

function audioContainerOf(bytes: Buffer): Container | undefined {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (text(0, 4) === 'OggS') return indexless('Ogg', 'ogg');
  if (text(0, 4) === 'fLaC') return indexless('FLAC', 'flac');
  if (text(0, 4) === 'FORM' && ['AIFF', 'AIFC'].includes(text(8, 12))) return indexless('AIFF', 'aiff');
  if (text(0, 3) === 'ID3') return indexless('MP3', 'mp3');
  if (bytes.length < 4 || bytes[0] !== 0xff) return undefined;
  const second = bytes[1] ?? 0;
  // ADTS has layer 0; MPEG audio has another one (ISO/IEC 13818-7 §6.2, 11172-3 §2.4.1.3).
  if ((second & 0xf6) === 0xf0) return indexless('AAC', 'aac');
  return (second & 0xe0) === 0xe0 && (second & 0x06) !== 0 ? indexless('MP3', 'mp3') : undefined;
}

/** A sync byte at the same place of four packets in a row. Packets of recorders begin with a time code of 4 bytes. */
function isTransportStream(bytes: Buffer): boolean {
  return transportPacketBytes.some((size) => {
    const first = size === 192 ? 4 : 0;
    return [0, 1, 2, 3].every((packet) => bytes[first + packet * size] === 0x47);
  });
}
