const startCodeBytes = 3;

/** The bytes begin with a start code of four bytes, which no length-prefixed frame does: its first NAL unit would have one byte. */
export function isAnnexB(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 1;
}

/**
 * The bytes begin with a start code of three bytes. So does a length-prefixed frame whose first NAL unit has 256 to 511 bytes:
 * ask only when the lengths do not fit.
 */
export function mayBeAnnexB(bytes: Uint8Array): boolean {
  return isAnnexB(bytes) || (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 1);
}

/** The NAL units between the start codes of a byte stream: ITU-T H.264 Annex B. */
export function annexBUnits(bytes: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let start = nextStartCode(bytes, 0);
  while (start < bytes.length) {
    const from = start + startCodeBytes;
    const next = nextStartCode(bytes, from);
    let end = next;
    // Zeros before a start code are not part of the NAL unit: its last byte is never zero (§7.4.1).
    while (end > from && bytes[end - 1] === 0) end -= 1;
    if (end > from) units.push(bytes.subarray(from, end));
    start = next;
  }
  return units;
}

/** The position of the next 00 00 01, or the end. */
function nextStartCode(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(1, from + 2); at >= 0; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] === 0 && bytes[at - 2] === 0) return at - 2;
  }
  return bytes.length;
}
