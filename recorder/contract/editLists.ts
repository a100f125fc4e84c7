/** ISO/IEC 14496-12 §4.2: the boxes that contain what is looked for. */
const containers = new Set(['moov', 'trak', 'mdia', 'edts', 'moof', 'traf']);
/** `trun` of version 1 as Lectern writes it: a data offset, and duration, size, flags and composition offset of each sample. */
const versionAndFlags = 0x0100_0f01;
const videoHandler = 0x7669_6465; // vide

interface Box {
  type: string;
  /** Of the box, and of its content. */
  start: number;
  contentStart: number;
}

/**
 * Takes back what the edit lists of a recording take back, before hls.js sees the files. A browser obeys an edit list, but hls.js
 * does not know of it: it would place what follows each discontinuity late by its length. Files are changed in place. hls.js loads
 * an init segment and the first segment after it at the same time: a segment that arrives first waits.
 */
export class EditLists {
  /** By the key of the init segment; 0 without an edit list. */
  readonly #mediaTimes = new Map<string, number>();
  readonly #waiting = new Map<string, ((mediaTime: number) => void)[]>();

  /** Reads the edit list of the init segment of a video, and makes it free space. */
  init(key: string, file: ArrayBuffer): void {
    const mediaTime = takeEditList(file);
    this.#mediaTimes.set(key, mediaTime);
    for (const change of this.#waiting.get(key) ?? []) change(mediaTime);
    this.#waiting.delete(key);
  }

  /** Takes the edit from the composition offsets of a segment, then calls `onChanged`: at once when its init segment is known. */
  segment(initKey: string, file: ArrayBuffer, onChanged: () => void): void {
    const change = (mediaTime: number) => {
      if (mediaTime > 0) reduceCompositionOffsets(file, mediaTime);
      onChanged();
    };
    const mediaTime = this.#mediaTimes.get(initKey);
    if (mediaTime === undefined) this.#waiting.set(initKey, [...(this.#waiting.get(initKey) ?? []), change]);
    else change(mediaTime);
  }
}

function takeEditList(file: ArrayBuffer): number {
  const view = new DataView(file);
  const boxes = boxesOf(view, 0, view.byteLength);
  const list = boxes.find(({ type }) => type === 'elst');
  const edits = boxes.find(({ type }) => type === 'edts');
  const handler = boxes.find(({ type }) => type === 'hdlr');
  if (!list || !edits || !handler || view.getUint32(handler.contentStart + 8) !== videoHandler) return 0;
  const mediaTime = view.getInt32(list.contentStart + 12);
  if (mediaTime <= 0) return 0;
  for (const [index, character] of [...'free'].entries()) view.setUint8(edits.start + 4 + index, character.charCodeAt(0));
  return mediaTime;
}

function reduceCompositionOffsets(file: ArrayBuffer, byTicks: number): void {
  const view = new DataView(file);
  const run = boxesOf(view, 0, view.byteLength).find(({ type }) => type === 'trun');
  if (!run || view.getUint32(run.contentStart) !== versionAndFlags) return;
  const samples = view.getUint32(run.contentStart + 4);
  for (let index = 0; index < samples; index += 1) {
    const at = run.contentStart + 12 + index * 16 + 12;
    view.setInt32(at, view.getInt32(at) - byTicks);
  }
}

function boxesOf(view: DataView, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to; ) {
    const size = view.getUint32(start);
    if (size < 8 || start + size > to) return boxes;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((at) => view.getUint8(start + at)));
    boxes.push({ type, start, contentStart: start + 8 });
    if (containers.has(type)) boxes.push(...boxesOf(view, start + 8, start + size));
    start += size;
  }
  return boxes;
}
