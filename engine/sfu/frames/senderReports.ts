/** RFC 3550 §6.4.1: the sender's word that its RTP timestamp `rtpTimestamp` was at `ntpUs`. */
export interface SenderReport {
  ssrc: number;
  /** Microseconds since the Unix epoch. */
  ntpUs: number;
  rtpTimestamp: number;
}

const senderReportType = 200;
/** RFC 3550 §4: NTP counts from 1900. */
const ntpToUnixSeconds = 2_208_988_800;

/** All sender reports in one RTCP datagram, which may be compound (RFC 3550 §6.1). */
export function parseSenderReports(bytes: Uint8Array): SenderReport[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reports: SenderReport[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4 + 4 * view.getUint16(at + 2)) {
    if (view.getUint8(at) >> 6 !== 2) break;
    if (view.getUint8(at + 1) !== senderReportType || at + 20 > bytes.length) continue;
    reports.push({
      ssrc: view.getUint32(at + 4),
      ntpUs: (view.getUint32(at + 8) - ntpToUnixSeconds) * 1e6 + (view.getUint32(at + 12) * 1e6) / 2 ** 32,
      rtpTimestamp: view.getUint32(at + 16),
    });
  }
  return reports;
}
