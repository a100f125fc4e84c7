/** The RTCP of a receiver, written by hand: the viewers send thousands of packets a second. */

const deltaUnitMs = 0.25;
const referenceUnitMs = 64;

export interface StreamReport {
  ssrc: number;
  highest: number;
  fractionLost: number;
}

/** RFC 3550 §6.4.2, without the fields for round-trip times. */
export function receiverReport(ownSsrc: number, streams: readonly StreamReport[]): Buffer {
  const packet = Buffer.alloc(8 + streams.length * 24);
  writeHeader(packet, { count: streams.length, type: 201 });
  packet.writeUInt32BE(ownSsrc, 4);
  streams.forEach(({ ssrc, highest, fractionLost }, index) => {
    const at = 8 + index * 24;
    packet.writeUInt32BE(ssrc, at);
    packet.writeUInt8(Math.min(255, Math.round(fractionLost * 256)), at + 4);
    packet.writeUInt32BE(highest >>> 0, at + 8);
  });
  return packet;
}

/** RFC 4585 §6.2.1: the first missing packet and a mask for the sixteen after it. */
export function nack(ownSsrc: number, ssrc: number, missing: readonly number[]): Buffer {
  const items: { first: number; mask: number }[] = [];
  for (const sequence of missing) {
    const last = items.at(-1);
    const ahead = last ? sequence - last.first : 0;
    if (last && ahead > 0 && ahead <= 16) last.mask |= 1 << (ahead - 1);
    else items.push({ first: sequence, mask: 0 });
  }
  const packet = Buffer.alloc(12 + items.length * 4);
  writeHeader(packet, { count: 1, type: 205 });
  packet.writeUInt32BE(ownSsrc, 4);
  packet.writeUInt32BE(ssrc, 8);
  items.forEach(({ first, mask }, index) => {
    packet.writeUInt16BE(first & 0xffff, 12 + index * 4);
    packet.writeUInt16BE(mask, 14 + index * 4);
  });
  return packet;
}

/** RFC 4585 §6.3.1: requests a keyframe. */
export function pictureLossIndication(ownSsrc: number, ssrc: number): Buffer {
  const packet = Buffer.alloc(12);
  writeHeader(packet, { count: 1, type: 206 });
  packet.writeUInt32BE(ownSsrc, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

export interface Arrival {
  /** Transport-wide sequence number. */
  sequence: number;
  atMs: number;
}

/** draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1; `arrivals` in order, missing numbers count as lost. */
export function transportFeedback(...[ownSsrc, ssrc, count, arrivals]: [ownSsrc: number, ssrc: number, count: number, arrivals: readonly Arrival[]]): Buffer {
  const [first] = arrivals;
  const last = arrivals.at(-1);
  if (!first || !last) return Buffer.alloc(0);
  const statusCount = ((last.sequence - first.sequence) & 0xffff) + 1;
  const reference = Math.floor(first.atMs / referenceUnitMs);
  const statuses = new Uint8Array(Math.ceil(statusCount / 7) * 7);
  const deltas: number[] = [];
  let knownMs = reference * referenceUnitMs;
  for (const { sequence, atMs } of arrivals) {
    const units = Math.round((atMs - knownMs) / deltaUnitMs);
    const isSmall = units >= 0 && units <= 255;
    statuses[(sequence - first.sequence) & 0xffff] = isSmall ? 1 : 2;
    if (isSmall) deltas.push(units);
    else deltas.push((units >> 8) & 0xff, units & 0xff);
    knownMs += units * deltaUnitMs;
  }
  const chunkBytes = (statuses.length / 7) * 2;
  const packet = Buffer.alloc(Math.ceil((20 + chunkBytes + deltas.length) / 4) * 4);
  writeHeader(packet, { count: 15, type: 205 });
  packet.writeUInt32BE(ownSsrc, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt16BE(first.sequence, 12);
  packet.writeUInt16BE(statusCount, 14);
  packet.writeUIntBE(reference & 0xffffff, 16, 3);
  packet.writeUInt8(count & 0xff, 19);
  for (let at = 0; at < statuses.length; at += 7) {
    // Two bits each for seven packets.
    let chunk = 0b11;
    for (let index = 0; index < 7; index += 1) chunk = (chunk << 2) | (statuses[at + index] ?? 0);
    packet.writeUInt16BE(chunk, 20 + (at / 7) * 2);
  }
  packet.set(deltas, 20 + chunkBytes);
  return packet;
}

function writeHeader(packet: Buffer, { count, type }: { count: number; type: number }): void {
  packet.writeUInt8(0x80 | count, 0);
  packet.writeUInt8(type, 1);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
}
