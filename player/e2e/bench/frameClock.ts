import type { Page } from 'playwright-core';

/**
 * A clock in the video that a program can read: a row of cells at the top of each frame, white for 1. The first two are always
 * white and black; then come the low bits of the wall clock's milliseconds, highest first, and a parity bit.
 */
const bits = 20;
const cells = bits + 3;
/** The size of a cell, as a share of the width and height. */
const cellWidth = 1 / 32;
const cellHeight = 1 / 12;

/** A filter of ffmpeg that draws the time at which each frame was made. */
export function frameClockFilter(frameRate = 30): string {
  const box = (cell: number, enable?: string) =>
    `drawbox=x=iw*${cell}*${cellWidth}:y=0:w=iw*${cellWidth}:h=ih*${cellHeight}:t=fill:color=${enable === undefined ? 'black' : 'white'}${enable ? `:enable='${enable}'` : ''}`;
  const bitOf = (bit: number) => `mod(floor(t*1000/${2 ** bit}),2)`;
  const all = Array.from({ length: bits }, (_, index) => bits - 1 - index);
  return [
    'settb=1/1000000',
    'setpts=RTCTIME',
    `drawbox=x=0:y=0:w=iw*${cells}*${cellWidth}:h=ih*${cellHeight}:t=fill:color=black`,
    box(0, '1'),
    ...all.map((bit, index) => box(index + 2, bitOf(bit))),
    box(cells - 1, `mod(${all.map(bitOf).join('+')},2)`),
    `setpts=N/${frameRate}/TB`,
  ].join(',');
}

/** Runs in the page before its scripts: a camera that shows a moving canvas with the clock. */
export function installClockCamera({ bitCount, cellCount, cellShareX, cellShareY }: Geometry): void {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1280, 720];
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('a canvas has a context');
  const [width, height] = [canvas.width * cellShareX, canvas.height * cellShareY];
  let frames = 0;
  const draw = () => {
    const ms = Date.now() % 2 ** bitCount;
    const values = Array.from({ length: bitCount }, (_, index) => Math.floor(ms / 2 ** (bitCount - 1 - index)) % 2);
    const row = [1, 0, ...values, values.reduce((sum, value) => sum + value, 0) % 2];
    context.fillStyle = '#204060';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#c0a040';
    context.fillRect((frames * 8) % canvas.width, 300, 120, 200);
    for (let cell = 0; cell < cellCount; cell += 1) {
      context.fillStyle = row[cell] === 1 ? 'white' : 'black';
      context.fillRect(cell * width, 0, width, height);
    }
    frames += 1;
  };
  draw();
  setInterval(draw, 1000 / 30);
  const silence = () => new MediaStreamAudioDestinationNode(new AudioContext()).stream.getAudioTracks();
  navigator.mediaDevices.getUserMedia = async (constraints) =>
    new MediaStream([...(constraints?.video ? canvas.captureStream(30).getVideoTracks() : []), ...(constraints?.audio ? silence() : [])]);
}

interface Geometry {
  bitCount: number;
  cellCount: number;
  cellShareX: number;
  cellShareY: number;
}

export const geometry: Geometry = { bitCount: bits, cellCount: cells, cellShareX: cellWidth, cellShareY: cellHeight };

/** For so many frames of the page's first video, milliseconds from the clock in the frame until it is shown. */
export function frameDelaysMs(page: Page, count: number): Promise<number[]> {
  return page.locator('video').first().evaluate(
    (video: HTMLVideoElement, { geometry: { bitCount, cellCount, cellShareX }, wanted }) =>
      new Promise<number[]>((resolve, reject) => {
        const delays: number[] = [];
        // One pixel for each cell, from its middle.
        const canvas = new OffscreenCanvas(cellCount, 1);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        const limit = setTimeout(() => reject(new Error(`only ${delays.length} of ${wanted} frames had a readable clock`)), 60_000);
        const read = (shownAt: number): number | undefined => {
          if (!context) return undefined;
          const width = video.videoWidth * cellShareX;
          for (let cell = 0; cell < cellCount; cell += 1) context.drawImage(video, (cell + 0.3) * width, video.videoHeight / 36, width * 0.4, video.videoHeight / 36, cell, 0, 1, 1);
          const { data } = context.getImageData(0, 0, cellCount, 1);
          const row = Array.from({ length: cellCount }, (_, cell) => ((data[cell * 4 + 1] ?? 0) > 128 ? 1 : 0));
          const values = row.slice(2, 2 + bitCount);
          const ones = values.reduce((sum: number, value) => sum + value, 0);
          if (row[0] !== 1 || row[1] !== 0 || row.at(-1) !== ones % 2) return undefined;
          const ms = values.reduce((sum: number, value) => sum * 2 + value, 0);
          const range = 2 ** bitCount;
          return (((performance.timeOrigin + shownAt - ms) % range) + range) % range;
        };
        const note: VideoFrameRequestCallback = (now, { expectedDisplayTime }) => {
          const delay = read(Math.max(now, expectedDisplayTime));
          if (delay !== undefined) delays.push(delay);
          if (delays.length < wanted) return void video.requestVideoFrameCallback(note);
          clearTimeout(limit);
          resolve(delays);
        };
        video.requestVideoFrameCallback(note);
      }),
    { geometry, wanted: count },
  );
}
