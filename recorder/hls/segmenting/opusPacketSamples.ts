/** The duration of an Opus packet in samples at 48 kHz (RFC 6716 §3.1, tables 2 and 3); 0 when it is malformed. */
export function opusPacketSamples(packet: Uint8Array): number {
  const [toc, countByte] = packet;
  if (toc === undefined) return 0;
  const frameSamples = frameSamplesOf(toc >> 3);
  switch (toc & 3) {
    case 0:
      return frameSamples;
    case 3:
      return frameSamples * ((countByte ?? 0) & 63);
    default:
      return frameSamples * 2;
  }
}

function frameSamplesOf(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3] ?? 0;
  if (configuration < 16) return [480, 960][configuration & 1] ?? 0;
  return [120, 240, 480, 960][configuration & 3] ?? 0;
}
