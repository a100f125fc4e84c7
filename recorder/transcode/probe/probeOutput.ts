import * as z from 'zod';

/** Numbers of ffprobe are strings in some places, and `N/A` where they are unknown. */
const number = z.coerce.number().finite().optional().catch(undefined);
const word = z.string().optional().catch(undefined);

const SideData = z.looseObject({ side_data_type: word, rotation: number });

/** One track as ffprobe prints it (`-show_streams -of json`). */
export const ProbedStream = z.object({
  index: z.number().int().nonnegative(),
  codec_type: word,
  codec_name: word,
  codec_tag_string: word,
  profile: word,
  level: number,
  pix_fmt: word,
  width: number,
  height: number,
  sample_aspect_ratio: word,
  field_order: word,
  color_range: word,
  color_space: word,
  color_transfer: word,
  color_primaries: word,
  r_frame_rate: word,
  avg_frame_rate: word,
  duration: number,
  bit_rate: number,
  channels: number,
  sample_rate: number,
  disposition: z.record(z.string(), z.number()).optional().catch(undefined),
  tags: z.record(z.string(), z.string()).optional().catch(undefined),
  side_data_list: z.array(SideData).optional().catch(undefined),
});
export type ProbedStream = z.infer<typeof ProbedStream>;

/** The output of ffprobe, as far as it is used. */
export const ProbeOutput = z.object({
  streams: z.array(ProbedStream).max(1000).default([]),
  format: z.object({ format_name: word, duration: number, start_time: number, bit_rate: number }).default({}),
});
export type ProbeOutput = z.infer<typeof ProbeOutput>;
