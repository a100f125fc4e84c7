/** The fields of CMAF files that are compared with a playlist. */

export interface ReadFragment {
  sequence: number;
  decodeTimeTicks: number;
  durationTicks: number;
  samples: number;
  beginsWithSyncSample: boolean;
}

export interface ReadInit {
  timescale: number;
  /** `avc1`, `mp4a`, `Opus`. */
  sampleEntry: string;
}

/** ISO/IEC 14496-12 §8.8.3.1: `sample_is_non_sync_sample`. */
const nonSyncSample = 0x10000;
const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'moof', 'traf']);

interface Box {
  type: string;
  body: DataView;
}

export function readInit(file: Uint8Array): ReadInit {
  const boxes = boxesOf(file);
  const mdhd = named(boxes, 'mdhd');
  const stsd = named(boxes, 'stsd');
  return { timescale: mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12), sampleEntry: textAt(stsd, 12) };
}

export function readFragment(file: Uint8Array): ReadFragment {
  const boxes = boxesOf(file);
  const tfdt = named(boxes, 'tfdt');
  const decodeTimeTicks = tfdt.getUint8(0) === 1 ? Number(tfdt.getBigUint64(4)) : tfdt.getUint32(4);
  return { sequence: named(boxes, 'mfhd').getUint32(4), decodeTimeTicks, ...readRun(named(boxes, 'trun')) };
}

/** Reads a run as Lectern writes it: each sample has a duration, a size, flags and an offset. */
function readRun(trun: DataView): Pick<ReadFragment, 'durationTicks' | 'samples' | 'beginsWithSyncSample'> {
  const samples = trun.getUint32(4);
  let durationTicks = 0;
  for (let index = 0; index < samples; index += 1) durationTicks += trun.getUint32(12 + index * 16);
  return { samples, durationTicks, beginsWithSyncSample: samples > 0 && (trun.getUint32(20) & nonSyncSample) === 0 };
}

function boxesOf(file: Uint8Array): Box[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Box[] = [];
  for (let at = 0; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > view.byteLength) throw new Error(`a box of ${size} bytes at ${at} exceeds the file`);
    const type = textAt(view, at + 4);
    const body = new DataView(view.buffer, view.byteOffset + at + 8, size - 8);
    found.push({ type, body });
    if (containers.has(type)) found.push(...boxesOf(new Uint8Array(body.buffer, body.byteOffset, body.byteLength)));
    at += size;
  }
  return found;
}

function named(boxes: readonly Box[], type: string): DataView {
  const box = boxes.find((one) => one.type === type);
  if (!box) throw new Error(`there is no ${type}`);
  return box.body;
}

function textAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
