import type { AudioFormat } from '../EncodedFrame.ts';
import { BitReader } from '../bits/BitReader.ts';
import { BitWriter } from '../bits/BitWriter.ts';
import { channelConfigurationOf, channelCountOf, channelElements, readProgramConfig } from './channelLayout.ts';
import type { ChannelElement } from './channelLayout.ts';

/** By samplingFrequencyIndex: ISO/IEC 14496-3 table 1.18. */
const sampleRatesHz = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/** Audio object types: table 1.17. */
const objectType = { lowComplexity: 2, sbr: 5, parametricStereo: 29 } as const;
/** syncExtensionType of SBR in table 1.15. */
const syncExtension = 0x2b7;
/** Samples of one frame of the AAC-LC core. frameLengthFlag would make it 960, which browsers do not play. */
const coreFrameSamples = 1024;

/** The frames of an AAC stream. */
export interface AacFrames {
  /** The elements of each frame, in their order. */
  elements: readonly ChannelElement[];
  /** Samples of each frame, at the sample rate of the decoder's output. */
  samples: number;
}

interface AudioConfig {
  outputType: number;
  sampleRateHz: number;
  coreSampleRateHz: number;
  channelConfiguration: number;
  /** The config as it is written to a recording: without a program_config_element. */
  bytes: Uint8Array;
}

/**
 * Parses an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) of AAC-LC, HE-AAC or HE-AAC v2. The sample rate is that of the
 * decoder's output: with signalled spectral band replication (SBR), usually twice that of the AAC-LC core. A program_config_element
 * that describes a usual layout of channels is replaced by the number of that layout, because browsers read only the number.
 * @throws RangeError when the bytes end early, or the object type or the channels are such as browsers do not play
 */
export function parseAudioConfig(config: Uint8Array): AudioFormat {
  const { outputType, sampleRateHz, channelConfiguration, bytes } = read(config);
  // Parametric stereo decodes one channel to two.
  const channelCount = outputType === objectType.parametricStereo ? 2 : channelCountOf(channelElements(channelConfiguration) ?? []);
  return { kind: 'audio', codec: 'aac', codecString: `mp4a.40.${outputType}`, decoderConfig: bytes, sampleRateHz, channelCount };
}

/** What the frames of an AAC track are like. @throws RangeError for a format that `parseAudioConfig` refuses */
export function aacFrames({ decoderConfig }: Pick<AudioFormat, 'decoderConfig'>): AacFrames {
  const { sampleRateHz, coreSampleRateHz, channelConfiguration } = read(decoderConfig);
  return { elements: channelElements(channelConfiguration) ?? [], samples: (coreFrameSamples * sampleRateHz) / coreSampleRateHz };
}

/** The format of AAC-LC. Undefined when the sample rate has no index in table 1.18, or no layout has that many channels. */
export function aacLcFormat({ sampleRateHz, channelCount }: Pick<AudioFormat, 'sampleRateHz' | 'channelCount'>): AudioFormat | undefined {
  const channelConfiguration = channelConfigurationOf(channelCount);
  if (!sampleRatesHz.includes(sampleRateHz) || channelConfiguration === undefined) return undefined;
  return parseAudioConfig(lowComplexityConfig(sampleRateHz, channelConfiguration));
}

function read(config: Uint8Array): AudioConfig {
  const reader = new BitReader(config);
  const core = readCore(reader);
  const { sampleRateHz, channelConfiguration } = core;
  requireUsualFrames(reader);
  // Spectral band replication is not read behind a program_config_element: a decoder finds it in the frames.
  if (channelConfiguration === 0) return { outputType: objectType.lowComplexity, sampleRateHz, coreSampleRateHz: sampleRateHz, ...readProgram(reader, sampleRateHz) };
  if (!channelElements(channelConfiguration)) throw new RangeError('its channel configuration is reserved; use stereo');
  const syncRateHz = core.extension ? undefined : readSyncExtension(reader);
  const extension = core.extension ?? (syncRateHz === undefined ? undefined : { type: objectType.sbr, sampleRateHz: syncRateHz });
  return {
    outputType: extension?.type ?? objectType.lowComplexity,
    sampleRateHz: extension?.sampleRateHz ?? sampleRateHz,
    coreSampleRateHz: sampleRateHz,
    channelConfiguration,
    bytes: Uint8Array.from(config),
  };
}

interface AudioCore {
  sampleRateHz: number;
  channelConfiguration: number;
  /** Hierarchical signalling: the extension comes before the core, §1.6.5. */
  extension: { type: number; sampleRateHz: number } | undefined;
}

function readCore(reader: BitReader): AudioCore {
  const type = readObjectType(reader);
  const sampleRateHz = readSampleRate(reader);
  const channelConfiguration = reader.bits(4);
  const isExtended = type === objectType.sbr || type === objectType.parametricStereo;
  const extension = isExtended ? { type, sampleRateHz: readSampleRate(reader) } : undefined;
  const coreType = isExtended ? readObjectType(reader) : type;
  if (coreType !== objectType.lowComplexity) throw new RangeError(`AAC object type ${coreType} is not supported by browsers; use AAC-LC`);
  return { sampleRateHz, channelConfiguration, extension };
}

function readProgram(reader: BitReader, sampleRateHz: number): Pick<AudioConfig, 'channelConfiguration' | 'bytes'> {
  const { channelConfiguration, channelCount } = readProgramConfig(reader);
  if (channelConfiguration === undefined) throw new RangeError(`its ${channelCount} channels are not in a usual order; use stereo`);
  return { channelConfiguration, bytes: lowComplexityConfig(sampleRateHz, channelConfiguration) };
}

function lowComplexityConfig(sampleRateHz: number, channelConfiguration: number): Uint8Array {
  const bits = new BitWriter().bits(objectType.lowComplexity, 5);
  const index = sampleRatesHz.indexOf(sampleRateHz);
  if (index < 0) bits.bits(15, 4).bits(sampleRateHz, 24);
  else bits.bits(index, 4);
  return bits.bits(channelConfiguration, 4).bits(0, 3).align().bytes();
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

/** GASpecificConfig, §4.4.1. Some encoders leave it out. */
function requireUsualFrames(reader: BitReader): void {
  if (reader.bitsLeft < 3) return;
  if (reader.flag()) throw new RangeError('AAC frames of 960 samples are not supported by browsers');
  if (reader.flag()) reader.skip(14); // coreCoderDelay
  reader.skip(1); // extensionFlag
}

/**
 * The output sample rate when SBR is signalled after the GASpecificConfig (backward-compatible signalling, §1.6.5). Undefined
 * when it is not.
 */
function readSyncExtension(reader: BitReader): number | undefined {
  if (reader.bitsLeft < 11 + 5 + 1 || reader.bits(11) !== syncExtension || readObjectType(reader) !== objectType.sbr || !reader.flag()) return undefined;
  return readSampleRate(reader);
}
