import type { TrackKind } from '#engine/contract';

/** The reason for refusing an encoder that sends no video or no audio, or a configuration of it that cannot be read. */
export function missingMedia(has: { video: boolean; audio: boolean }, unreadable: Partial<Record<TrackKind, string>>): string {
  if (!has.video && unreadable.video) return `The configuration that the encoder sends for its H.264 video is invalid: ${unreadable.video}. Restart the encoder. In OBS: Settings → Output → Streaming → Video Encoder: x264, or any H.264 encoder.`;
  if (!has.audio && unreadable.audio) return `The configuration that the encoder sends for its AAC audio is invalid: ${unreadable.audio}. In OBS: Settings → Output → Streaming → Audio Encoder: AAC.`;
  if (has.video && has.audio) return 'The encoder has sent no keyframe. Restart it; if that does not help, choose another H.264 encoder in OBS: Settings → Output → Streaming → Video Encoder.';
  if (has.video) return 'The encoder sends no AAC audio. In OBS: Settings → Output → Streaming → Audio Encoder: AAC, with at least one Audio Track ticked. To teach without audio, send a muted track.';
  if (has.audio) return 'The encoder sends no H.264 video. In OBS: Settings → Output → Streaming → Video Encoder: x264, or any H.264 encoder.';
  return 'The encoder sends neither H.264 video nor AAC audio. In OBS: Settings → Output → Streaming: Video Encoder x264, Audio Encoder AAC.';
}
