import * as limits from '../limits.ts';
import type { Container } from './containerOf.ts';

/**
 * Decoders that are used: those of files that people have. Decoders of images that read other files, of playlists and of text are
 * not among them.
 */
const videoDecoders = ['h264', 'hevc', 'vp8', 'vp9', 'libvpx', 'libvpx-vp9', 'libdav1d', 'av1', 'libaom-av1', 'mpeg1video', 'mpeg2video', 'mpegvideo', 'mpeg4', 'msmpeg4', 'msmpeg4v1', 'msmpeg4v2', 'h263', 'flv', 'flashsv', 'wmv1', 'wmv2', 'wmv3', 'vc1', 'prores', 'dnxhd', 'cfhd', 'mjpeg', 'dvvideo', 'qtrle', 'rawvideo', 'theora', 'huffyuv', 'ffvhuff', 'ffv1', 'utvideo', 'lagarith', 'cinepak', 'svq3', 'rv40', 'tscc', 'png', 'vp6', 'vp6f', 'screenpresso', 'zmbv', 'cscd', 'g2m', 'v210', 'jpeg2000'];
const audioDecoders = ['aac', 'aac_latm', 'mp2', 'mp2float', 'mp3', 'mp3float', 'ac3', 'eac3', 'dca', 'truehd', 'opus', 'libopus', 'vorbis', 'flac', 'alac', 'wmav1', 'wmav2', 'wmapro', 'wmalossless', 'wmavoice', 'speex', 'libspeex', 'amrnb', 'amrwb', 'nellymoser', 'adpcm_ms', 'adpcm_ima_wav', 'adpcm_ima_qt', 'adpcm_swf', 'gsm', 'libgsm', 'gsm_ms', 'libgsm_ms', 'pcm_s8', 'pcm_u8', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_f32le', 'pcm_f32be', 'pcm_f64le', 'pcm_alaw', 'pcm_mulaw', 'pcm_bluray', 'pcm_dvd', 'cook', 'mace3', 'mace6', 'qdm2'];
/** Tracks that are not used, but opened by ffprobe: subtitles, and covers of music. */
const otherDecoders = ['subrip', 'srt', 'ass', 'ssa', 'mov_text', 'text', 'webvtt', 'dvdsub', 'dvbsub', 'pgssub', 'xsub', 'cc_dec', 'libzvbi_teletextdec', 'eia_608', 'bmp', 'gif', 'tiff', 'webp'];
const decoders = [...videoDecoders, ...audioDecoders, ...otherDecoders].join(',');

/** Name of the source in the folder of a job. */
export const sourceFileName = 'source';

/**
 * How ffmpeg and ffprobe open a file that nobody trusts: with one demuxer, by the protocol `file` only, with the listed decoders, and
 * with limits of what a header may make them allocate. A demuxer that opens other files itself could use no protocol but these either.
 */
export function openingOptions({ demuxer }: Pick<Container, 'demuxer'>): string[] {
  return [
    ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', formatNames[demuxer] ?? demuxer, '-codec_whitelist', decoders],
    ...['-max_streams', `${limits.maxSourceTracks}`, '-max_pixels', `${limits.maxSourcePixels}`],
    ...['-probesize', `${limits.probeBytes}`, '-analyzeduration', `${limits.probeMicroseconds}`, '-f', demuxer],
  ];
}

/** The names under which ffmpeg's whitelist knows a demuxer, where they differ from the one that opens it. */
const formatNames: Readonly<Record<string, string>> = { mov: 'mov,mp4,m4a,3gp,3g2,mj2', matroska: 'matroska,webm' };

/** `-i` with the protocol spelled out: a name such as `concat:…` is a file. */
export function inputFile(name: string = sourceFileName): string[] {
  return ['-i', `file:${name}`];
}
