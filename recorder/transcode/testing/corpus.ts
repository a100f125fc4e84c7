import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { make } from './TranscodeBench.ts';

/** A file of the corpus, and what is to become of it. */
export interface OddFile {
  name: string;
  make: (folder: string) => Promise<string>;
  /** The code of its failure. */
  fails?: string;
  /** Sizes of the video, the largest first; none for audio. */
  sizes?: string[];
  audioTracks?: number;
  /** About how long it is, in seconds. */
  seconds?: number;
}

const picture = (size: string, rate: number | string = 25, seconds = 1) => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
const tone = (seconds = 1, rate = 48000) => ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${rate}:duration=${seconds}`];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const aac = ['-c:a', 'aac', '-b:a', '64k'];

const made = (name: string, ...args: string[][]): Pick<OddFile, 'name' | 'make'> => ({ name, make: (folder) => make(folder, name, args.flat()) });
const written = (name: string, content: string | Buffer): Pick<OddFile, 'name' | 'make'> => ({
  name,
  make: async (folder) => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  },
});

/** A copy of another file, changed. */
const changed = (name: string, from: readonly string[], change: (bytes: Buffer) => Buffer): Pick<OddFile, 'name' | 'make'> => ({
  name,
  make: async (folder) => {
    const bytes = await readFile(await make(folder, `before-${name}`, from));
    await writeFile(path.join(folder, name), change(bytes));
    return path.join(folder, name);
  },
});

const plain = [picture('320x180'), tone(), h264, aac].flat();

/** Writes the 32 bits at an offset from the first occurrence of a box type. */
function patched(bytes: Buffer, { box, offset, value }: { box: string; offset: number; value: number }): Buffer {
  bytes.writeUInt32BE(value, bytes.indexOf(box) + offset);
  return bytes;
}

const good: OddFile[] = [
  { ...made('plain.mp4', plain), sizes: ['320x180'], audioTracks: 1 },
  { ...made('moov-at-end.mov', plain), sizes: ['320x180'], audioTracks: 1 },
  { ...made('faststart.mp4', plain, ['-movflags', '+faststart']), sizes: ['320x180'], audioTracks: 1 },
  { ...made('fragmented.mp4', plain, ['-movflags', '+frag_keyframe+empty_moov']), sizes: ['320x180'], audioTracks: 1 },
  {
    name: 'rotated.mp4',
    make: async (folder) => make(folder, 'rotated.mp4', ['-display_rotation', '90', '-i', await make(folder, 'before-rotated.mp4', plain), '-c', 'copy']).catch(() => make(folder, 'rotated.mp4', ['-i', 'before-rotated.mp4', '-c', 'copy', '-metadata:s:v:0', 'rotate=90'])),
    sizes: ['180x320'],
    audioTracks: 1,
  },
  { ...made('variable-rate.mkv', picture('320x180', 30), ['-vf', "select='not(mod(n,3))+not(mod(n,7))'", '-vsync', 'vfr'], h264), sizes: ['320x180'], audioTracks: 0 },
  { ...made('audio-only.m4a', tone(), aac), sizes: [], audioTracks: 1 },
  { ...made('audio-only.mp3', tone(), ['-c:a', 'libmp3lame']), sizes: [], audioTracks: 1 },
  { ...made('audio-only.wav', tone()), sizes: [], audioTracks: 1 },
  { ...made('audio-only.flac', tone()), sizes: [], audioTracks: 1 },
  { ...made('audio-only.ogg', tone(), ['-c:a', 'libvorbis']), sizes: [], audioTracks: 1 },
  { ...made('video-only.mp4', picture('320x180'), h264), sizes: ['320x180'], audioTracks: 0 },
  { ...made('interlaced.mp4', picture('320x180', 50), ['-vf', 'tinterlace=interleave_top,fieldorder=tff', '-flags', '+ildct+ilme'], h264, ['-x264-params', 'tff=1']), sizes: ['320x180'], audioTracks: 0 },
  { ...made('ten-bit.mkv', picture('320x180'), ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le']), sizes: ['320x180'], audioTracks: 0 },
  { ...made('hdr.mkv', picture('320x180', 10), ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc', '-pix_fmt', 'yuv420p10le']), sizes: ['320x180'], audioTracks: 0 },
  { ...made('hlg.mkv', picture('320x180', 10), ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc', '-pix_fmt', 'yuv420p10le']), sizes: ['320x180'], audioTracks: 0 },
  { ...made('hevc.mp4', picture('320x180'), tone(), ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'], aac), sizes: ['320x180'], audioTracks: 1 },
  { ...made('av1.webm', picture('160x90', 10), ['-c:v', 'libsvtav1', '-preset', '12']), sizes: ['160x90'], audioTracks: 0 },
  { ...made('vp9.webm', picture('160x90', 10), tone(), ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus']), sizes: ['160x90'], audioTracks: 1 },
  { ...made('vp8.webm', picture('160x90', 10), ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8']), sizes: ['160x90'], audioTracks: 0 },
  { ...made('prores.mov', picture('320x180', 10), tone(), ['-c:v', 'prores_ks', '-profile:v', '3', '-c:a', 'pcm_s24le']), sizes: ['320x180'], audioTracks: 1 },
  { ...made('mpeg4.avi', picture('320x180'), tone(), ['-c:v', 'mpeg4', '-c:a', 'libmp3lame']), sizes: ['320x180'], audioTracks: 1 },
  { ...made('broadcast.ts', picture('320x180'), tone(), ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-mpegts_copyts', '1', '-output_ts_offset', '3600']), sizes: ['320x180'], audioTracks: 1 },
  { ...made('program.mpg', picture('320x240'), tone(), ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-f', 'vob']), sizes: ['320x240'], audioTracks: 1 },
  { ...made('flash.flv', picture('320x180'), tone(1, 44100), ['-c:v', 'flv', '-c:a', 'libmp3lame']), sizes: ['320x180'], audioTracks: 1 },
  { ...made('windows.wmv', picture('320x180'), tone(), ['-c:v', 'wmv2', '-c:a', 'wmav2']), sizes: ['320x180'], audioTracks: 1 },
  { ...made('languages.mkv', picture('320x180'), tone(), tone(), ['-map', '0', '-map', '1', '-map', '2', '-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=spa'], h264, aac), sizes: ['320x180'], audioTracks: 2 },
  { ...made('surround.mkv', picture('320x180'), ['-f', 'lavfi', '-i', 'sine=duration=1', '-filter_complex', '[1:a]pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0[a]', '-map', '0:v', '-map', '[a]', '-c:a', 'ac3'], h264), sizes: ['320x180'], audioTracks: 1 },
  { ...made('phone-call.avi', picture('320x180'), tone(1, 8000), ['-ac', '1', '-c:a', 'pcm_mulaw', '-c:v', 'mjpeg']), sizes: ['320x180'], audioTracks: 1 },
  { ...made('odd-sides.mkv', picture('333x251'), ['-c:v', 'ffv1', '-pix_fmt', 'yuv444p']), sizes: ['332x250'], audioTracks: 0 },
  { ...made('tiny.mkv', picture('16x16'), h264), sizes: ['16x16'], audioTracks: 0 },
  { ...made('one-frame.mp4', picture('320x180'), ['-frames:v', '1'], h264), sizes: ['320x180'], audioTracks: 0, seconds: 0.04 },
  { ...made('wide-pixels.mpg', picture('352x288'), ['-vf', 'setsar=64/45', '-c:v', 'mpeg2video']), sizes: ['512x288', '426x240'], audioTracks: 0 },
  { ...made('fast.mp4', picture('160x90', 120), h264), sizes: ['160x90'], audioTracks: 0 },
  { ...made('late-audio.mkv', picture('320x180'), ['-itsoffset', '0.6'], tone(0.4), h264, aac), sizes: ['320x180'], audioTracks: 1 },
  { ...made('short-video.mkv', picture('320x180', 25, 0.4), tone(1.2), h264, aac), sizes: ['320x180'], audioTracks: 1, seconds: 1.2 },
  { ...changed('lying-header.mp4', plain, (bytes) => patched(bytes, { box: 'mvhd', offset: 20, value: 0x7fffffff })), sizes: ['320x180'], audioTracks: 1 },
  { ...changed('damaged-middle.ts', [picture('320x180', 25, 2), tone(2), h264, aac].flat(), (bytes) => Buffer.concat([bytes.subarray(0, bytes.length / 3), Buffer.alloc(9000, 0x47), bytes.subarray(bytes.length / 3 + 9000)])), sizes: ['320x180'], audioTracks: 1, seconds: 2 },
  { ...changed('cut-off.mkv', [picture('320x180', 25, 2), tone(2), h264, aac].flat(), (bytes) => bytes.subarray(0, bytes.length * 0.7)), sizes: ['320x180'], audioTracks: 1, seconds: 1.4 },
];

const bad: OddFile[] = [
  { ...written('nothing.mp4', ''), fails: 'video.damaged' },
  { ...written('zeros.mp4', Buffer.alloc(5000)), fails: 'video.unknownFormat' },
  { ...written('noise.mkv', Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(5000, 0x5a)])), fails: 'video.damaged' },
  { ...changed('without-moov.mp4', plain, (bytes) => bytes.subarray(0, bytes.lastIndexOf('moov') - 4)), fails: 'video.damaged' },
  { ...written('playlist.mp4', '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n'), fails: 'video.unknownFormat' },
  { ...written('script.mkv', "ffconcat version 1.0\nfile '/etc/passwd'\n"), fails: 'video.unknownFormat' },
  { ...written('image.mp4', '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="file:///etc/passwd"/></svg>'), fails: 'video.unknownFormat' },
  { ...written('text.mov', 'This is no video.'), fails: 'video.unknownFormat' },
  { ...made('subtitles.mkv', ['-f', 'srt', '-i', 'lines.srt', '-c:s', 'srt']), fails: 'video.noTracks' },
  { ...changed('encrypted.mp4', plain, (bytes) => { bytes.write('encv', bytes.indexOf('avc1', bytes.indexOf('stsd'))); return bytes; }), fails: 'video.encrypted' },
  { ...made('huge.mkv', ['-f', 'lavfi', '-i', 'color=size=10000x64:duration=0.04', '-c:v', 'ffv1']), fails: 'video.tooLarge' },
];

export const corpus: readonly OddFile[] = [...good, ...bad];

/** Files that the corpus is made from. */
export async function prepareCorpus(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'lines.srt'), '1\n00:00:00,000 --> 00:00:01,000\nHello\n');
}
