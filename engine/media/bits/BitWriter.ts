/** Writes bits to a byte array, the most significant bit first, with the codes of H.264 syntax. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #bitCount = 0;

  /** An unsigned integer of up to 32 bits: u(n) in ITU-T H.264 §7.2. */
  bits(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit -= 1) this.#bit((value >>> bit) & 1);
    return this;
  }

  /** ue(v), ITU-T H.264 §9.1. `value` is less than 2^32 − 1. */
  golomb(value: number): this {
    const length = 32 - Math.clz32(value + 1);
    return this.bits(0, length - 1).bits(value + 1, length);
  }

  /** Fills the last byte with zeros. */
  align(): this {
    while (this.#bitCount % 8 !== 0) this.#bit(0);
    return this;
  }

  /** rbsp_trailing_bits, ITU-T H.264 §7.3.2.11: a one, then zeros to the end of the byte. */
  trailing(): this {
    return this.bits(1, 1).align();
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #bit(bit: number): void {
    const at = this.#bitCount >> 3;
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (bit << (7 - (this.#bitCount & 7)));
    this.#bitCount += 1;
  }
}
