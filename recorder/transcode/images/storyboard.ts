import { readdir } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Size } from '../ladder/ladder.ts';
import { minWorkSeconds, storyboardColumns, storyboardIntervals, storyboardRows, storyboardTileWidthPx } from '../limits.ts';
import type { MediaTools } from '../tools/MediaTools.ts';

export interface StoryboardPlan {
  intervalSeconds: number;
  tile: Size;
  tileCount: number;
  spriteCount: number;
}

const tilesPerSprite = storyboardColumns * storyboardRows;

/** How many images a storyboard has, and how large they are. */
export function planStoryboard(durationSeconds: number, { widthPx, heightPx }: Size): StoryboardPlan {
  const [, intervalSeconds] = storyboardIntervals.find(([untilSeconds]) => durationSeconds <= untilSeconds) ?? [0, 20];
  const tileCount = Math.max(1, Math.ceil(durationSeconds / intervalSeconds));
  const tileHeight = Math.min(4 * storyboardTileWidthPx, Math.max(2, 2 * Math.round((storyboardTileWidthPx * heightPx) / widthPx / 2)));
  return { intervalSeconds, tile: { widthPx: storyboardTileWidthPx, heightPx: tileHeight }, tileCount, spriteCount: Math.ceil(tileCount / tilesPerSprite) };
}

/** The WebVTT file of a storyboard: a cue for each image, with its place in a sprite as a media fragment (`#xywh`). */
export function storyboardIndex({ intervalSeconds, tile, tileCount }: StoryboardPlan, durationSeconds: number): string {
  const cues = Array.from({ length: tileCount }, (_, index) => {
    const place = index % tilesPerSprite;
    const [column, row] = [place % storyboardColumns, Math.floor(place / storyboardColumns)];
    const end = index + 1 === tileCount ? Math.max(durationSeconds, index * intervalSeconds + 0.001) : (index + 1) * intervalSeconds;
    const fragment = `xywh=${column * tile.widthPx},${row * tile.heightPx},${tile.widthPx},${tile.heightPx}`;
    return `${vttTime(index * intervalSeconds)} --> ${vttTime(end)}\nstoryboard-${Math.floor(index / tilesPerSprite)}.jpg#${fragment}\n`;
  });
  return `WEBVTT\n\n${cues.join('\n')}`;
}

function vttTime(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

/**
 * Writes the sprites `storyboard-<n>.jpg` into the folder, from a rendition of ours. Only its keyframes are decoded: there is one every two
 * seconds. Returns their names.
 */
export async function makeSprites(media: Readable, plan: StoryboardPlan, { tools, folder, signal }: { tools: MediaTools; folder: string; signal?: AbortSignal | undefined }): Promise<string[]> {
  const { widthPx, heightPx } = plan.tile;
  // The last keyframe is shown until the end: a video of one second has one image, too.
  const filters = ['tpad=stop=-1:stop_mode=clone', `fps=1/${plan.intervalSeconds}:round=down:start_time=0`, `trim=end_frame=${plan.tileCount}`, `scale=${widthPx}:${heightPx}`, `tile=${storyboardColumns}x${storyboardRows}`];
  const args = ['-y', '-protocol_whitelist', 'pipe', '-skip_frame', 'nokey', '-f', 'mov', '-i', 'pipe:0', '-vf', filters.join(','), '-vsync', '0', '-q:v', '5', '-start_number', '0', '-f', 'image2', 'storyboard-%d.jpg'];
  const tool = await tools.start({ program: 'ffmpeg', args, cwd: folder, limitSeconds: minWorkSeconds, maxFileBytes: 64 * 2 ** 20, signal });
  tool.stdout.resume();
  // ffmpeg may have all that it wants before the end. Its exit code says whether it has.
  const fed = pipeline(media, tool.stdin).catch((err: unknown) => err);
  await Promise.all([fed, tool.done]);
  return (await readdir(folder)).filter((name) => /^storyboard-\d+\.jpg$/.test(name)).sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b)));
}
