import { colours } from '../colours.ts';
import type { Colour } from '../colours.ts';

/** What an encoder sends. */
export interface Source {
  what: string;
  sizePx: `${number}x${number}`;
  /** Frames per second, as ffmpeg writes it. */
  frameRate: string;
  /** Arguments of libx264. */
  video: readonly string[];
  /** Arguments of the AAC encoder. */
  audio: readonly string[];
}

/** Every so often, the colour and the tone change together. */
export const stepSeconds = 5;
export const stepColours = ['red', 'green', 'blue', 'yellow'] as const satisfies readonly Colour[];
/** Tones of the steps, in the same order. */
export const stepHz = [300, 600, 900, 1200] as const;

const progressive = ['-preset', 'ultrafast', '-b:v', '400k', '-sc_threshold', '0'];
const x264 = (...options: string[]) => [...progressive, ...options];
const yuv420p = ['-pix_fmt', 'yuv420p'];
const aac = (sampleRateHz: number, channels: number) => ['-ar', String(sampleRateHz), '-ac', String(channels)];

/** Several properties at once, each of which differs from what OBS sends. */
const combined: readonly Source[] = [
  { what: '10-bit 4:2:2, 25 fps, 32 kHz', sizePx: '320x180', frameRate: '25', video: x264('-pix_fmt', 'yuv422p10le', '-bf', '2', '-g', '50'), audio: aac(32_000, 2) },
  { what: 'interlaced, upright, 48 kHz', sizePx: '180x320', frameRate: '25', video: x264(...yuv420p, '-flags', '+ilme+ildct', '-bf', '0', '-g', '50'), audio: aac(48_000, 2) },
  { what: '4:4:4 of odd size, 15 fps, 96 kHz', sizePx: '321x181', frameRate: '15', video: x264('-pix_fmt', 'yuv444p', '-bf', '0', '-g', '30'), audio: aac(96_000, 2) },
];

const others: readonly Source[] = [
  { what: 'Baseline, parameter sets in band, 44.1 kHz mono', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-profile:v', 'baseline', '-bf', '0', '-g', '30', '-x264-params', 'repeat-headers=1'), audio: aac(44_100, 1) },
  { what: 'parameter sets only in band', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-bf', '0', '-g', '60', '-flags:v', '-global_header'), audio: aac(48_000, 2) },
  { what: 'High with B-frames and an open GOP, 60 fps, 5.1', sizePx: '320x180', frameRate: '60', video: x264(...yuv420p, '-profile:v', 'high', '-bf', '3', '-g', '120', '-x264-params', 'open-gop=1:b-pyramid=normal'), audio: aac(48_000, 6) },
  { what: 'one frame in 5 s, 22.05 kHz mono', sizePx: '320x180', frameRate: '1/5', video: x264(...yuv420p, '-tune', 'zerolatency', '-g', '250'), audio: aac(22_050, 1) },
  { what: 'Main with B-frames, upright', sizePx: '180x320', frameRate: '30', video: x264(...yuv420p, '-profile:v', 'main', '-bf', '2', '-g', '60'), audio: aac(48_000, 2) },
  { what: "OBS's defaults", sizePx: '640x360', frameRate: '30', video: ['-preset', 'veryfast', '-b:v', '800k', ...yuv420p, '-profile:v', 'high', '-bf', '2', '-g', '250'], audio: aac(48_000, 2) },
  { what: 'High 10', sizePx: '320x180', frameRate: '30', video: x264('-pix_fmt', 'yuv420p10le', '-bf', '0', '-g', '60'), audio: aac(48_000, 2) },
  { what: '4:2:2 with B-frames, 50 fps', sizePx: '320x180', frameRate: '50', video: x264('-pix_fmt', 'yuv422p', '-bf', '2', '-g', '100'), audio: aac(44_100, 2) },
  { what: '4:4:4 with B-frames, upright and odd', sizePx: '181x321', frameRate: '30', video: x264('-pix_fmt', 'yuv444p', '-bf', '2', '-g', '60'), audio: aac(48_000, 1) },
  { what: 'interlaced with B-frames', sizePx: '720x576', frameRate: '25', video: x264(...yuv420p, '-flags', '+ilme+ildct', '-bf', '2', '-g', '50'), audio: aac(48_000, 2) },
  { what: 'one frame a second, a keyframe every 250', sizePx: '320x180', frameRate: '1', video: x264(...yuv420p, '-bf', '0', '-g', '250'), audio: aac(48_000, 2) },
  { what: 'one frame in 2.5 s', sizePx: '320x180', frameRate: '2/5', video: x264(...yuv420p, '-tune', 'zerolatency', '-g', '250'), audio: aac(48_000, 2) },
  { what: 'one keyframe in 5 s', sizePx: '320x180', frameRate: '1/5', video: x264(...yuv420p, '-tune', 'zerolatency', '-g', '1'), audio: aac(48_000, 2) },
  { what: '5 fps with B-frames', sizePx: '320x180', frameRate: '5', video: x264(...yuv420p, '-bf', '2', '-g', '250'), audio: aac(48_000, 2) },
  { what: '29.97 fps', sizePx: '426x240', frameRate: '30000/1001', video: x264(...yuv420p, '-bf', '0', '-g', '60'), audio: aac(44_100, 2) },
  { what: '8 kHz mono', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-bf', '0', '-g', '60'), audio: aac(8000, 1) },
  { what: 'three channels', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-bf', '0', '-g', '60'), audio: [...aac(48_000, 3), '-channel_layout', '3.0'] },
  { what: 'four channels', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-bf', '0', '-g', '60'), audio: [...aac(48_000, 4), '-channel_layout', '4.0'] },
  { what: 'five channels', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-bf', '0', '-g', '60'), audio: [...aac(48_000, 5), '-channel_layout', '5.0'] },
  { what: '7.1', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-bf', '0', '-g', '60'), audio: [...aac(48_000, 8), '-channel_layout', '7.1'] },
  { what: 'intra refresh instead of keyframes', sizePx: '320x180', frameRate: '30', video: x264(...yuv420p, '-bf', '0', '-g', '60', '-x264-params', 'intra-refresh=1'), audio: aac(48_000, 2) },
];

export const sources = { short: combined, long: [...combined, ...others] } as const;

/** The arguments of ffmpeg that send a source in real time. */
export function pushArguments({ sizePx, frameRate, video, audio }: Source): string[] {
  const period = stepSeconds * stepColours.length;
  // Frame times are rounded sums: the added millisecond puts 4.9999999 into the next step.
  const step = (from: number) => `between(mod(t+0.001,${period}),${from * stepSeconds},${(from + 1) * stepSeconds - 0.0001})`;
  const boxes = stepColours.map((colour, index) => `drawbox=w=iw:h=ih:color=0x${colours[colour]}:t=fill:enable='${step(index)}'`);
  const hz = `(${stepHz[0]}+${stepHz[1] - stepHz[0]}*floor(mod(t,${period})/${stepSeconds}))`;
  const interlace = video.includes('+ilme+ildct') ? ',setfield=tff' : '';
  return [
    ...['-re', '-f', 'lavfi', '-i', `color=c=black:size=${sizePx}:rate=${frameRate},format=${sizePx.includes('1x') || sizePx.endsWith('1') ? 'yuv444p' : 'yuv420p'},${boxes.join(',')}${interlace}`],
    ...['-re', '-f', 'lavfi', '-i', `aevalsrc='0.4*sin(2*PI*${hz}*t)':s=48000`],
    // Audio does not wait for the next frame of a slow video.
    ...['-c:v', 'libx264', ...video, '-c:a', 'aac', '-b:a', '128k', ...audio, '-max_interleave_delta', '100000'],
  ];
}
