import { useEffect, useState } from 'preact/hooks';
import * as z from 'zod';
import type { PlaybackView } from '#api/contract';
import { storyboardCells } from './storyboardCells.ts';
import type { StoryboardCell } from './storyboardCells.ts';

const Waveform = z.object({ durationMs: z.number().positive(), peaks: z.array(z.number()) });

/** What the timeline draws of the video, in the time that viewers see. */
export interface TimelineMedia {
  peaks: readonly number[];
  peaksMs: number;
  cells: readonly StoryboardCell[];
  images: ReadonlyMap<string, HTMLImageElement>;
}

const nothing: TimelineMedia = { peaks: [], peaksMs: 0, cells: [], images: new Map() };

/** Loads the waveform and the preview images of a video, as far as it has them. The timeline works without them. */
export function useTimelineMedia({ video }: PlaybackView): TimelineMedia {
  const [media, setMedia] = useState(nothing);
  useEffect(() => {
    const closing = new AbortController();
    const { signal } = closing;
    const keep = (part: Partial<TimelineMedia>) => signal.aborted || setMedia((before) => ({ ...before, ...part }));
    setMedia(nothing);
    void read(video.waveformUrl, signal).then((text) => {
      const waveform = text === undefined ? undefined : Waveform.safeParse(JSON.parse(text)).data;
      if (waveform) keep({ peaks: waveform.peaks, peaksMs: waveform.durationMs });
    }, () => undefined);
    void read(video.storyboardUrl, signal).then(async (text) => {
      const cells = text === undefined ? [] : storyboardCells(text, new URL(video.storyboardUrl ?? '', location.origin).href);
      keep({ cells, images: await loadImages(cells) });
    }, () => undefined);
    return () => closing.abort();
  }, [video.waveformUrl, video.storyboardUrl]);
  return media;
}

async function read(url: string | null, signal: AbortSignal): Promise<string | undefined> {
  const response = url === null ? undefined : await fetch(url, { signal });
  return response?.ok ? response.text() : undefined;
}

async function loadImages(cells: readonly StoryboardCell[]): Promise<Map<string, HTMLImageElement>> {
  const urls = [...new Set(cells.map(({ url }) => url))];
  const loaded = await Promise.all(urls.map(async (url) => {
    const image = new Image();
    image.src = url;
    return image.decode().then(() => [[url, image] as const], () => []);
  }));
  return new Map(loaded.flat());
}
