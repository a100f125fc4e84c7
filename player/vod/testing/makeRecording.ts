import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const run = promisify(execFile);

/** Frames per second of both videos; the bar code at the bottom counts the frames. */
export const frameRate = 30;
/** Columns of the bar code, least significant bit first. */
export const barBits = 16;

export interface SyntheticRecording {
  folder: string;
  durationSeconds: number;
  /** The screen ends here; the camera continues. */
  screenSeconds: number;
}

/**
 * Creates a recording like the recorder does: `main.m3u8` with two qualities and a separate audio rendition, and
 * `screen.m3u8`. Every frame of both videos shows its number as a bar code, so that tests can measure the sync.
 */
export async function makeRecording({ folder, durationSeconds, screenSeconds }: SyntheticRecording): Promise<void> {
  await mkdir(folder, { recursive: true });
  const common = ['-hide_banner', '-loglevel', 'error', '-y'];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60', '-keyint_min', '60', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'];
  const hls = ['-f', 'hls', '-hls_time', '4', '-hls_playlist_type', 'vod', '-hls_segment_type', 'fmp4', '-hls_flags', 'independent_segments'];
  const camera = lavfiVideo('testsrc2=s=640x320', durationSeconds);
  const tone = `sine=frequency=330:duration=${durationSeconds}`;
  await run('ffmpeg', [
    ...common, '-filter_complex', `${camera},split[a][b];[b]scale=320:180:flags=neighbor[small]`, '-f', 'lavfi', '-i', tone,
    '-map', '[a]', '-map', '[small]', '-map', '0:a', ...encoder, '-b:v:0', '900k', '-b:v:1', '250k', '-c:a', 'aac', '-ac', '2', ...hls,
    '-var_stream_map', 'v:0,agroup:audio,name:high v:1,agroup:audio,name:low a:0,agroup:audio,default:yes,name:audio',
    '-hls_fmp4_init_filename', 'init-%v.mp4', '-master_pl_name', 'main.m3u8', join(folder, 'main-%v.m3u8'),
  ]);
  const slides = lavfiVideo('smptehdbars=s=640x320', screenSeconds);
  await run('ffmpeg', [
    ...common, '-filter_complex', `${slides}[v]`, '-map', '[v]', ...encoder, '-b:v', '600k', ...hls,
    '-var_stream_map', 'v:0,name:screen', '-hls_fmp4_init_filename', 'init-screen.mp4', '-master_pl_name', 'screen.m3u8', join(folder, 'screen-%v.m3u8'),
  ]);
  await run('ffmpeg', [...common, '-f', 'lavfi', '-i', lavfiVideo('smptehdbars=s=640x320', 1), '-frames:v', '1', join(folder, 'poster.jpg')]);
}

function lavfiVideo(source: string, seconds: number): string {
  const bars = `color=s=${barBits}x2:r=${frameRate}:d=${seconds},format=gray,geq=lum='if(mod(floor(N/pow(2\\,X))\\,2)\\,235\\,16)',scale=640:40:flags=neighbor,format=yuv420p[bars]`;
  return `${bars};${source}:r=${frameRate}:d=${seconds},format=yuv420p[top];[top][bars]vstack`;
}
