/** Payload-specific feedback (RFC 4585 §6.1), and its formats that request a keyframe (RFC 4585 §6.3.1, RFC 5104 §4.3.1). */
const payloadSpecific = 206;
const pictureLoss = 1;
const fullIntraRequest = 4;

/** Whether a compound RTCP packet requests a keyframe. A damaged packet does not. */
export function requestsKeyframe(packet: Buffer): boolean {
  for (let at = 0; at + 4 <= packet.length; ) {
    const first = packet.readUInt8(at);
    if (first >>> 6 !== 2) return false;
    const format = first & 31;
    if (packet.readUInt8(at + 1) === payloadSpecific && (format === pictureLoss || format === fullIntraRequest)) return true;
    at += (packet.readUInt16BE(at + 2) + 1) * 4;
  }
  return false;
}
