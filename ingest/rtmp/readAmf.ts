// Reads AMF0 values, by which RTMP encodes its commands: "Action Message Format -- AMF 0" (Adobe, 2007). Of AMF3 it reads what
// a command may contain beside AMF0: "Action Message Format -- AMF 3" (Adobe, 2013).

export type AmfValue = string | number | boolean | null | undefined | AmfValue[] | AmfObject;
export type AmfObject = Map<string, AmfValue>;

/** Markers of AMF0, §2.1. */
const marker = {
  number: 0x00, boolean: 0x01, string: 0x02, object: 0x03, movieClip: 0x04, null: 0x05, undefined: 0x06, reference: 0x07,
  ecmaArray: 0x08, objectEnd: 0x09, strictArray: 0x0a, date: 0x0b, longString: 0x0c, unsupported: 0x0d, xmlDocument: 0x0f,
  typedObject: 0x10, amf3: 0x11,
} as const;
/** Markers of AMF3, §3.1. */
const marker3 = { undefined: 0, null: 1, false: 2, true: 3, integer: 4, double: 5, string: 6 } as const;

/** A command nests two or three levels. Deeper values are not read, which bounds the recursion. */
const maxDepth = 16;

/** What comes next cannot be read: an unknown marker, or the bytes end early. */
class UnreadableError extends Error {}

/**
 * The values in a command or data message, up to the first that cannot be read: its length is unknown, so whatever follows
 * cannot be read either. Never throws.
 */
export function readAmfValues(bytes: Buffer): AmfValue[] {
  const reader = new AmfReader(bytes);
  const values: AmfValue[] = [];
  while (reader.hasMore && !reader.isStuck) reader.readInto((value) => values.push(value));
  return values;
}

class AmfReader {
  readonly #bytes: Buffer;
  #at = 0;
  isStuck = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  /** Passes the next value on. An object whose end cannot be read is passed on with the properties before that. */
  readInto(use: (value: AmfValue) => void): void {
    try {
      this.#value(use, 0);
    } catch (err) {
      if (!(err instanceof UnreadableError)) throw err;
      this.isStuck = true;
    }
  }

  /** Objects and arrays are passed on before they are filled, so that a part of them remains when their rest is unreadable. */
  #value(use: (value: AmfValue) => void, depth: number): void {
    if (depth > maxDepth) throw new UnreadableError();
    const type = this.#uint(1);
    if (type === marker.object) this.#properties(use, depth);
    else if (type === marker.ecmaArray) {
      this.#take(4); // The number of properties, which is only approximate: §2.10.
      this.#properties(use, depth);
    } else if (type === marker.typedObject) {
      this.#text(2); // The name of its class.
      this.#properties(use, depth);
    } else if (type === marker.strictArray) this.#elements(use, depth);
    else use(this.#simple(type));
  }

  #properties(use: (value: AmfValue) => void, depth: number): void {
    const object: AmfObject = new Map();
    use(object);
    for (;;) {
      const name = this.#text(2);
      if (name === '' && this.#bytes[this.#at] === marker.objectEnd) {
        this.#at += 1;
        return;
      }
      this.#value((value) => object.set(name, value), depth + 1);
    }
  }

  #elements(use: (value: AmfValue) => void, depth: number): void {
    const elements: AmfValue[] = [];
    use(elements);
    for (let left = this.#uint(4); left > 0; left -= 1) this.#value((value) => elements.push(value), depth + 1);
  }

  #simple(type: number): AmfValue {
    switch (type) {
      case marker.number:
        return this.#take(8).readDoubleBE();
      case marker.boolean:
        return this.#uint(1) !== 0;
      case marker.string:
        return this.#text(2);
      case marker.longString:
      case marker.xmlDocument:
        return this.#text(4);
      case marker.date: {
        const sinceEpochMs = this.#take(8).readDoubleBE();
        this.#take(2); // The time zone, which is reserved: §2.13.
        return sinceEpochMs;
      }
      case marker.reference:
        this.#take(2);
        return undefined;
      case marker.null:
        return null;
      case marker.undefined:
      case marker.unsupported:
        return undefined;
      case marker.amf3:
        return this.#amf3();
      default:
        throw new UnreadableError();
    }
  }

  #amf3(): AmfValue {
    switch (this.#uint(1)) {
      case marker3.undefined:
        return undefined;
      case marker3.null:
        return null;
      case marker3.false:
        return false;
      case marker3.true:
        return true;
      case marker3.integer:
        return (this.#uint29() << 3) >> 3;
      case marker3.double:
        return this.#take(8).readDoubleBE();
      case marker3.string: {
        const header = this.#uint29();
        if ((header & 1) === 0) throw new UnreadableError(); // A reference to an earlier string.
        return this.#take(header >> 1).toString('utf8');
      }
      default:
        throw new UnreadableError();
    }
  }

  /** U29, AMF3 §1.3.1: seven bits in each of up to three bytes, and eight in the fourth. */
  #uint29(): number {
    let value = 0;
    for (let i = 0; i < 3; i += 1) {
      const byte = this.#uint(1);
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return (value << 8) | this.#uint(1);
  }

  #text(lengthBytes: 2 | 4): string {
    return this.#take(this.#uint(lengthBytes)).toString('utf8');
  }

  #uint(byteCount: 1 | 2 | 4): number {
    return this.#take(byteCount).readUIntBE(0, byteCount);
  }

  #take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new UnreadableError();
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}
