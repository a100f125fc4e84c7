import type { AudioFormat } from '../EncodedFrame.ts';
import { BitReader } from '../bits/BitReader.ts';
import { BitWriter } from '../bits/BitWriter.ts';

/** By samplingFrequencyIndex: ISO/IEC 14496-3 table 1.18. */
const sampleRatesHz = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/** By channelConfiguration: table 1.19. 0 means that a program_config_element follows. */
const channelCounts = [undefined, 1, 2, 3, 4, 5, 6, 8];
/** Audio object types: table 1.17. */
const objectType = { lowComplexity: 2, sbr: 5, parametricStereo: 29 } as const;
/** syncExtensionType of SBR in table 1.15. */
const syncExtension = 0x2b7;

/**
 * Parses an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) of AAC-LC, HE-AAC or HE-AAC v2. The sample rate is that of the
 * decoder's output: with signalled spectral band replication (SBR), usually twice that of the AAC-LC core.
 * @throws RangeError when the bytes end early, or the object type is one that browsers do not play
 */
export function parseAudioConfig(config: Uint8Array): AudioFormat {
  const reader = new BitReader(config);
  let type = readObjectType(reader);
  let outputType = type;
  let sampleRateHz = readSampleRate(reader);
  const channels = reader.bits(4);
  if (type === objectType.sbr || type === objectType.parametricStereo) {
    sampleRateHz = readSampleRate(reader);
    type = readObjectType(reader);
  } else {
    const extension = readSyncExtension(reader);
    if (extension !== undefined) {
      sampleRateHz = extension;
      outputType = objectType.sbr;
    }
  }
  if (type !== objectType.lowComplexity) throw new RangeError(`AAC object type ${type} is not supported by browsers; use AAC-LC`);
  // Parametric stereo decodes one channel to two.
  const channelCount = outputType === objectType.parametricStereo ? 2 : (channelCounts[channels] ?? 2);
  return {
    kind: 'audio',
    codec: 'aac',
    codecString: `mp4a.40.${outputType}`,
    decoderConfig: Uint8Array.from(config),
    sampleRateHz,
    channelCount,
  };
}

/**
 * The format of AAC-LC with one or two channels. Undefined when the sample rate has no index in table 1.18 or there are more
 * channels.
 */
export function aacLcFormat({ sampleRateHz, channelCount }: Pick<AudioFormat, 'sampleRateHz' | 'channelCount'>): AudioFormat | undefined {
  const index = sampleRatesHz.indexOf(sampleRateHz);
  if (index < 0 || channelCount > 2) return undefined;
  return parseAudioConfig(new BitWriter().bits(objectType.lowComplexity, 5).bits(index, 4).bits(channelCount, 4).bits(0, 3).bytes());
}

/** GetAudioObjectType, table 1.16. */
function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  return type === 31 ? 32 + reader.bits(6) : type;
}

/** samplingFrequencyIndex; index 15 is followed by the rate in 24 bits. */
function readSampleRate(reader: BitReader): number {
  const index = reader.bits(4);
  const rate = index === 15 ? reader.bits(24) : sampleRatesHz[index];
  if (rate === undefined || rate === 0) throw new RangeError('the AAC sample rate index is reserved');
  return rate;
}

/**
 * The output sample rate when SBR is signalled after the GASpecificConfig (backward-compatible signalling, §1.6.5). Undefined
 * when it is not. A program_config_element is not parsed.
 */
function readSyncExtension(reader: BitReader): number | undefined {
  if (reader.bitsLeft < 3 + 11 + 6) return undefined;
  reader.skip(1);
  if (reader.flag()) reader.skip(14);
  reader.skip(1);
  if (reader.bitsLeft < 17 || reader.bits(11) !== syncExtension || readObjectType(reader) !== objectType.sbr || !reader.flag()) return undefined;
  return readSampleRate(reader);
}
