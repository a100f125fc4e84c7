/** What is sent or received of one video. Null while unknown. */
export interface ProgramFigures {
  widthPx: number | null;
  heightPx: number | null;
  frameRate: number | null;
  bitrateBps: number | null;
}

export const noFigures: ProgramFigures = { widthPx: null, heightPx: null, frameRate: null, bitrateBps: null };

/** Bytes until a moment, in ms. */
export interface ByteCount {
  bytes: number;
  atMs: number;
}

interface RtpStat {
  type: string;
  kind?: string;
  timestamp: number;
  bytesSent?: number;
  bytesReceived?: number;
  frameWidth?: number;
  frameHeight?: number;
  framesPerSecond?: number;
}

/** The figures of a WebRTC video, from its statistics. The bitrate needs the count of an earlier call. Simulcast: the largest layer, and the sum of the bytes. */
export function figuresOf(stats: Iterable<RtpStat>, earlier?: ByteCount): { figures: ProgramFigures; count: ByteCount | undefined } {
  const rtp = [...stats].filter(({ type, kind }) => (type === 'outbound-rtp' || type === 'inbound-rtp') && kind === 'video');
  const [first] = rtp;
  if (!first) return { figures: noFigures, count: undefined };
  const largest = rtp.reduce((best, stat) => ((stat.frameWidth ?? 0) > (best.frameWidth ?? 0) ? stat : best), first);
  const count = { bytes: rtp.reduce((sum, { bytesSent = 0, bytesReceived = 0 }) => sum + bytesSent + bytesReceived, 0), atMs: first.timestamp };
  const figures = { widthPx: largest.frameWidth ?? null, heightPx: largest.frameHeight ?? null, frameRate: largest.framesPerSecond ?? null, bitrateBps: bitrateOf(count, earlier) };
  return { figures, count };
}

/** Another track has fewer bytes than the one before. */
function bitrateOf(count: ByteCount, earlier: ByteCount | undefined): number | null {
  if (!earlier || count.atMs <= earlier.atMs || count.bytes < earlier.bytes) return null;
  return Math.round(((count.bytes - earlier.bytes) * 8000) / (count.atMs - earlier.atMs));
}
