import { nalUnits } from '#engine/media';

/** Leaves room for IP, UDP, SRTP and header extensions in a 1280-byte path MTU. */
const maxPayloadBytes = 1180;
const nalType = { stapA: 24, fuA: 28 } as const;
const referenceBits = 0x60;

/**
 * Splits one access unit into RTP payloads (RFC 6184, packetization-mode 1): small NAL units are aggregated (STAP-A), large
 * ones fragmented (FU-A). Parameter sets come first, in band, because an SFU recognises a keyframe by them.
 */
export function packetizeH264(frame: Uint8Array, parameterSets: readonly Uint8Array[]): Buffer[] {
  const payloads: Buffer[] = [];
  let small: Uint8Array[] = [];
  let smallBytes = 1;
  const flush = () => {
    if (small.length > 0) payloads.push(small.length === 1 ? Buffer.from(small[0] as Uint8Array) : stapA(small));
    small = [];
    smallBytes = 1;
  };
  for (const unit of [...parameterSets, ...nalUnits(frame)]) {
    if (smallBytes + 2 + unit.length > maxPayloadBytes) flush();
    if (unit.length > maxPayloadBytes) {
      payloads.push(...fuA(unit));
    } else {
      small.push(unit);
      smallBytes += 2 + unit.length;
    }
  }
  flush();
  return payloads;
}

function stapA(units: readonly Uint8Array[]): Buffer {
  const reference = Math.max(...units.map((unit) => (unit[0] ?? 0) & referenceBits));
  const parts: Uint8Array[] = [Uint8Array.of(reference | nalType.stapA)];
  for (const unit of units) parts.push(Uint8Array.of(unit.length >> 8, unit.length & 255), unit);
  return Buffer.concat(parts);
}

function fuA(unit: Uint8Array): Buffer[] {
  const header = unit[0] ?? 0;
  const indicator = (header & 0xe0) | nalType.fuA;
  const fragments: Buffer[] = [];
  const step = maxPayloadBytes - 2;
  for (let at = 1; at < unit.length; at += step) {
    const start = at === 1 ? 0x80 : 0;
    const end = at + step >= unit.length ? 0x40 : 0;
    fragments.push(Buffer.concat([Uint8Array.of(indicator, start | end | (header & 31)), unit.subarray(at, at + step)]));
  }
  return fragments;
}
