/** An image of the storyboard, in the time that viewers see. */
export interface StoryboardCell {
  startMs: number;
  endMs: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const cueLine = /^(?:(\d+):)?(\d\d):(\d\d)\.(\d{3}) --> (?:(\d+):)?(\d\d):(\d\d)\.(\d{3})/;

/** The images that a storyboard's WebVTT names. `base`: the URL of the file. */
export function storyboardCells(vtt: string, base: string): StoryboardCell[] {
  const lines = vtt.split('\n');
  return lines.flatMap((line, index) => {
    const times = cueLine.exec(line);
    const place = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/.exec(lines[index + 1] ?? '');
    if (!times || !place) return [];
    const [x = 0, y = 0, width = 0, height = 0] = place.slice(2).map(Number);
    return [{ startMs: msOf(times.slice(1, 5)), endMs: msOf(times.slice(5, 9)), url: new URL(place[1] ?? '', base).href, x, y, width, height }];
  });
}

function msOf([hours = '0', minutes = '0', seconds = '0', ms = '0']: (string | undefined)[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms);
}
