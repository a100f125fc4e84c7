import { tryRead } from '../bits/tryRead.ts';
import { accessUnitOf, readAccessUnit } from './accessUnit.ts';
import type { AccessUnit } from './accessUnit.ts';
import { annexBUnits, mayBeAnnexB } from './annexB.ts';
import { buildAvcConfig, parseAvcConfig, readParameterSets } from './AvcConfig.ts';
import type { AvcConfig, ParameterSets } from './AvcConfig.ts';

/**
 * Reads the decoder configuration of one source from wherever it sends parameter sets: in a record, as a byte stream in place
 * of the record, or inside its frames, together or one after the other.
 */
export class AvcConfigReader {
  #current: AvcConfig | undefined;
  #hasRecord = false;
  /** Parameter sets before the configuration is complete. */
  #collected: ParameterSets = { spsUnits: [], ppsUnits: [] };

  /** The configuration in use. */
  get current(): AvcConfig | undefined {
    return this.#current;
  }

  /**
   * Reads what a source sends as its configuration. An empty one is ignored: the parameter sets follow in the frames.
   * @throws RangeError when it cannot be read. The configuration in use stays.
   */
  readRecord(record: Uint8Array): void {
    if (record.length === 0) return;
    if (mayBeAnnexB(record)) {
      this.readUnit(accessUnitOf(annexBUnits(record)));
      return;
    }
    try {
      this.#current = parseAvcConfig(record);
      this.#hasRecord = true;
    } catch (err) {
      if (err instanceof RangeError) this.#collect(readParameterSets(record));
      throw err;
    }
  }

  /**
   * Parses a frame. A source without a record may send byte streams whose start codes look like lengths.
   * @throws RangeError when a length points past the end
   */
  accessUnit(payload: Uint8Array): AccessUnit {
    const lengthSize = this.#current?.lengthSize ?? 4;
    if (this.#hasRecord || !mayBeAnnexB(payload)) return readAccessUnit(payload, lengthSize);
    return tryRead(() => readAccessUnit(payload, lengthSize)) ?? accessUnitOf(annexBUnits(payload));
  }

  /** Reads the parameter sets inside a frame. @throws RangeError when they are invalid. The configuration in use stays. */
  readUnit(unit: AccessUnit): void {
    const lengthSize = this.#current?.lengthSize ?? 4;
    if (unit.spsUnits.length > 0 && unit.ppsUnits.length > 0) this.#current = buildAvcConfig(unit, lengthSize);
    else if (!this.#current) {
      this.#collect(unit);
      const { spsUnits, ppsUnits } = this.#collected;
      if (spsUnits.length > 0 && ppsUnits.length > 0) this.#current = buildAvcConfig(this.#collected, lengthSize);
    }
  }

  #collect({ spsUnits, ppsUnits }: ParameterSets): void {
    this.#collected = { spsUnits: spsUnits.length > 0 ? spsUnits : this.#collected.spsUnits, ppsUnits: ppsUnits.length > 0 ? ppsUnits : this.#collected.ppsUnits };
  }
}
