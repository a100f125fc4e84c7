/** Reads ISO base media file format boxes (ISO/IEC 14496-12 §4.2). Damaged bytes throw a RangeError. */

export interface Box {
  type: string;
  /** The whole box. */
  bytes: Uint8Array;
  /** What follows its size and type. */
  body: DataView;
}

/** Where a box ends in its file, as its head says. */
export interface BoxHead {
  type: string;
  bytes: number;
  headBytes: number;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Undefined when fewer bytes are given than a head has. */
export function boxHead(view: DataView, at: number): BoxHead | undefined {
  if (at + 8 > view.byteLength) return undefined;
  const type = fourCc(view, at + 4);
  const short = view.getUint32(at);
  if (short !== 1) return { type, bytes: checkedSize(short, 8), headBytes: 8 };
  if (at + 16 > view.byteLength) return undefined;
  return { type, bytes: checkedSize(Number(view.getBigUint64(at + 8)), 16), headBytes: 16 };
}

function checkedSize(bytes: number, headBytes: number): number {
  if (bytes < headBytes) throw new RangeError(`a box has a size of ${bytes}`);
  return bytes;
}

export function fourCc(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

/** The boxes from `from` on, one after the other. */
export function readBoxes(view: DataView, from = 0): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at < view.byteLength; ) {
    const head = boxHead(view, at);
    if (!head || at + head.bytes > view.byteLength) throw new RangeError('a box ends early');
    boxes.push({
      type: head.type,
      bytes: new Uint8Array(view.buffer, view.byteOffset + at, head.bytes),
      body: new DataView(view.buffer, view.byteOffset + at + head.headBytes, head.bytes - head.headBytes),
    });
    at += head.bytes;
  }
  return boxes;
}

/** The first box at a path of types. @throws RangeError when there is none */
export function boxAt(view: DataView, path: readonly string[]): Box {
  const found = findBox(view, path);
  if (!found) throw new RangeError(`there is no ${path.join('/')}`);
  return found;
}

export function findBox(view: DataView, path: readonly string[]): Box | undefined {
  const [type, ...rest] = path;
  const found = readBoxes(view).find((box) => box.type === type);
  return found && rest.length > 0 ? findBox(found.body, rest) : found;
}
