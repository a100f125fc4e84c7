import { aacFrames, BitWriter } from '#engine/media';
import type { AudioFormat, ChannelElement } from '#engine/media';

/** RFC 6716 §3.1: CELT, full band, 20 ms, one frame. The payload is what libopus sends for silence. */
const silentOpusMono = [0xf8, 0xff, 0xfe];
const silentOpusStereo = [0xfc, 0xff, 0xfe];

export interface SilentFrame {
  data: Uint8Array;
  /** At the sampling rate of the format; 48 kHz for Opus. */
  samples: number;
}

/** One frame of silence for the decoder config of a track. */
export function silentFrame(format: AudioFormat): SilentFrame {
  if (format.codec === 'opus') return { data: Uint8Array.from(format.channelCount === 1 ? silentOpusMono : silentOpusStereo), samples: 960 };
  const { elements, samples } = aacFrames(format);
  return { data: silentAac(elements), samples };
}

/** id_syn_ele, ISO/IEC 14496-3 table 4.85. */
const elementId = { single: 0, pair: 1, lfe: 3, end: 7 } as const;

/**
 * A raw_data_block (ISO/IEC 14496-3 §4.4.2.1) whose every spectral coefficient is zero: no scale factor band is sent. Without an
 * extension payload, a decoder with spectral band replication outputs silence as well.
 */
function silentAac(elements: readonly ChannelElement[]): Uint8Array {
  const bits = new BitWriter();
  const tags = { single: 0, pair: 0, lfe: 0 };
  for (const element of elements) {
    bits.bits(elementId[element], 3).bits(tags[element], 4);
    tags[element] += 1;
    if (element === 'pair') {
      const [commonWindow, noMask] = [1, 0];
      icsInfo(bits.bits(commonWindow, 1)).bits(noMask, 2);
      noTools(bits.bits(0, 8));
      noTools(bits.bits(0, 8));
    } else noTools(icsInfo(bits.bits(0, 8)));
  }
  return bits.bits(elementId.end, 3).align().bytes();
}

/** ics_info, table 4.6: a long sine window without scale factor bands and without prediction. */
function icsInfo(bits: BitWriter): BitWriter {
  return bits.bits(0, 1 + 2 + 1 + 6 + 1);
}

/** pulse_data_present, tns_data_present and gain_control_data_present of table 4.50. */
function noTools(bits: BitWriter): BitWriter {
  return bits.bits(0, 3);
}
