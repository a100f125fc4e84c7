// The elements of an AAC frame and the order of its channels: ISO/IEC 14496-3 §4.4.1.1 and table 1.19.
import type { BitReader } from '../bits/BitReader.ts';

/** `single`: one channel; `pair`: two; `lfe`: low-frequency effects. */
export type ChannelElement = 'single' | 'pair' | 'lfe';

/** By channelConfiguration: table 1.19. 0 means that a program_config_element follows. */
const layouts: readonly (readonly ChannelElement[])[] = [
  [],
  ['single'],
  ['pair'],
  ['single', 'pair'],
  ['single', 'pair', 'single'],
  ['single', 'pair', 'pair'],
  ['single', 'pair', 'pair', 'lfe'],
  ['single', 'pair', 'pair', 'pair', 'lfe'],
];

/** The elements of each frame with this channelConfiguration; undefined for 0 and for reserved values. */
export function channelElements(channelConfiguration: number): readonly ChannelElement[] | undefined {
  return channelConfiguration === 0 ? undefined : layouts[channelConfiguration];
}

export function channelCountOf(elements: readonly ChannelElement[]): number {
  return elements.reduce((sum, element) => sum + (element === 'pair' ? 2 : 1), 0);
}

/** The channelConfiguration with this number of channels; at most one exists. Undefined when there is none. */
export function channelConfigurationOf(channelCount: number): number | undefined {
  const index = layouts.findIndex((elements) => elements.length > 0 && channelCountOf(elements) === channelCount);
  return index < 0 ? undefined : index;
}

/**
 * Reads a program_config_element (§4.4.1.1). Returns the channelConfiguration whose frames have the same elements; undefined when
 * there is none.
 */
export function readProgramConfig(reader: BitReader): { channelConfiguration: number | undefined; channelCount: number } {
  reader.skip(4 + 2 + 4); // element_instance_tag, object_type, sampling_frequency_index
  const [front, side, back, lfe] = [reader.bits(4), reader.bits(4), reader.bits(4), reader.bits(2)];
  reader.skip(3 + 4); // num_assoc_data_elements, num_valid_cc_elements
  if (reader.flag()) reader.skip(4); // mono_mixdown_element_number
  if (reader.flag()) reader.skip(4); // stereo_mixdown_element_number
  if (reader.flag()) reader.skip(3); // matrix_mixdown_idx, pseudo_surround_enable
  const elements: ChannelElement[] = [];
  for (let i = 0; i < front + side + back; i += 1) {
    elements.push(reader.flag() ? 'pair' : 'single');
    reader.skip(4); // element_tag_select
  }
  for (let i = 0; i < lfe; i += 1) elements.push('lfe');
  const index = layouts.findIndex((layout) => layout.length > 0 && layout.join() === elements.join());
  return { channelConfiguration: index < 0 ? undefined : index, channelCount: channelCountOf(elements) };
}
