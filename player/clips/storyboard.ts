/** One image of a storyboard: a part of the sprite at `url`, in pixels. */
export interface StoryboardImage {
  startSeconds: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const cue = /(\d+):(\d{2}):(\d{2}\.\d{3}) --> [^\n]*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** The images of a storyboard, in order. `base`: the URL of its WebVTT file. */
export function parseStoryboard(vtt: string, base: string): StoryboardImage[] {
  return [...vtt.matchAll(cue)].map(([, hours = '0', minutes = '0', seconds = '0', file = '', ...numbers]) => {
    const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
    return { startSeconds: (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds), url: new URL(file, base).href, x, y, width, height };
  });
}

/** What the video shows at a moment; undefined before the first image. */
export function imageAt(images: readonly StoryboardImage[], seconds: number): StoryboardImage | undefined {
  return images.findLast(({ startSeconds }) => startSeconds <= seconds);
}
