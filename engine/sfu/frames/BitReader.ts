/** Reads a NAL unit's bits (ITU-T H.264 §7.2, §9.1), past the emulation prevention bytes. Throws RangeError at the end. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #bit = 0;

  constructor(nalPayload: Uint8Array) {
    this.#bytes = withoutEmulationPrevention(nalPayload);
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const byte = this.#bytes[this.#bit >> 3];
      if (byte === undefined) throw new RangeError('the parameter set ends early');
      value = value * 2 + ((byte >> (7 - (this.#bit & 7))) & 1);
      this.#bit += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** ue(v): an unsigned Exp-Golomb number. */
  unsigned(): number {
    let zeros = 0;
    while (!this.flag()) {
      zeros += 1;
      if (zeros > 32) throw new RangeError('not an Exp-Golomb number');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v): a signed one. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

function withoutEmulationPrevention(bytes: Uint8Array): Uint8Array {
  const plain = new Uint8Array(bytes.length);
  let length = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    plain[length] = byte;
    length += 1;
  }
  return plain.subarray(0, length);
}
