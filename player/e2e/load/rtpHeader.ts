export const transportSequenceUri = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

const oneByteProfile = 0xbede;

/** The transport-wide sequence number in a packet's one-byte header extensions (RFC 8285 §4.2), which SRTP leaves clear. */
export function transportSequence(packet: Buffer, extensionId: number): number | undefined {
  const first = packet[0] ?? 0;
  if ((first & 0x10) === 0) return undefined;
  let at = 12 + (first & 0x0f) * 4;
  if (packet.readUInt16BE(at) !== oneByteProfile) return undefined;
  const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
  at += 4;
  while (at < end) {
    const byte = packet[at] ?? 0;
    if (byte === 0) {
      at += 1;
      continue;
    }
    if (byte >> 4 === extensionId) return packet.readUInt16BE(at + 1);
    at += 2 + (byte & 0x0f);
  }
  return undefined;
}

/** The packet without extensions and contributing sources, under another SSRC. */
export function withoutExtensions(packet: Buffer, ssrc: number): Buffer {
  const first = packet[0] ?? 0;
  let at = 12 + (first & 0x0f) * 4;
  if (first & 0x10) at += 4 + packet.readUInt16BE(at + 2) * 4;
  const bare = Buffer.allocUnsafe(12 + packet.length - at);
  packet.copy(bare, 0, 0, 12);
  packet.copy(bare, 12, at);
  bare[0] = first & 0xe0;
  bare.writeUInt32BE(ssrc, 8);
  return bare;
}
