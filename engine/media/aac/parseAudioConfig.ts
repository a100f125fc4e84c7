import type { AudioFormat } from '../EncodedFrame.ts';
import { BitReader } from '../bits/BitReader.ts';
import { BitWriter } from '../bits/BitWriter.ts';

/** ISO/IEC 14496-3 table 1.18. */
const sampleRatesHz = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/** Table 1.19. */
const channelCounts = [undefined, 1, 2, 3, 4, 5, 6, 8];
const objectType = { lowComplexity: 2, sbr: 5, parametricStereo: 29 } as const;
const syncExtension = 0x2b7;

/**
 * Reads an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). The sample rate is the one that is heard: with spectral band
 * replication signalled, twice that of the core.
 * @throws RangeError when it is cut short or says something that no browser plays
 */
export function parseAudioConfig(config: Uint8Array): AudioFormat {
  const reader = new BitReader(config);
  let type = readObjectType(reader);
  let heardType = type;
  let sampleRateHz = readSampleRate(reader);
  const channels = reader.bits(4);
  if (type === objectType.sbr || type === objectType.parametricStereo) {
    sampleRateHz = readSampleRate(reader);
    type = readObjectType(reader);
  } else {
    const extension = readSyncExtension(reader);
    if (extension !== undefined) {
      sampleRateHz = extension;
      heardType = objectType.sbr;
    }
  }
  if (type !== objectType.lowComplexity) throw new RangeError(`AAC object type ${type} is not played by browsers; AAC-LC is`);
  const channelCount = heardType === objectType.parametricStereo ? 2 : (channelCounts[channels] ?? 2);
  return {
    kind: 'audio',
    codec: 'aac',
    codecString: `mp4a.40.${heardType}`,
    decoderConfig: Uint8Array.from(config),
    sampleRateHz,
    channelCount,
  };
}

/** AAC-LC of one or two channels, in the two bytes that encoders write; undefined for a rate that they cannot name. */
export function aacLcFormat({ sampleRateHz, channelCount }: Pick<AudioFormat, 'sampleRateHz' | 'channelCount'>): AudioFormat | undefined {
  const index = sampleRatesHz.indexOf(sampleRateHz);
  if (index < 0 || channelCount > 2) return undefined;
  return parseAudioConfig(new BitWriter().bits(objectType.lowComplexity, 5).bits(index, 4).bits(channelCount, 4).bits(0, 3).bytes());
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  return type === 31 ? 32 + reader.bits(6) : type;
}

function readSampleRate(reader: BitReader): number {
  const index = reader.bits(4);
  const rate = index === 15 ? reader.bits(24) : sampleRatesHz[index];
  if (rate === undefined || rate === 0) throw new RangeError('the AAC sample rate is reserved');
  return rate;
}

/** Backward-compatible signalling, behind the GASpecificConfig; channel layouts of their own are not searched. */
function readSyncExtension(reader: BitReader): number | undefined {
  if (reader.bitsLeft < 3 + 11 + 6) return undefined;
  reader.skip(1);
  if (reader.flag()) reader.skip(14);
  reader.skip(1);
  if (reader.bitsLeft < 17 || reader.bits(11) !== syncExtension || readObjectType(reader) !== objectType.sbr || !reader.flag()) return undefined;
  return readSampleRate(reader);
}
