/**
 * Encoded media as it travels inside the engine: the one shape that every source (RTMP, WebRTC, WHIP) yields and that
 * the recorder takes. Modelled on WebCodecs' EncodedVideoChunk and decoder config.
 */

export interface VideoFormat {
  kind: 'video';
  codec: 'h264';
  /** RFC 6381, for playlists and MediaSource: `avc1.64001f`. */
  codecString: string;
  /** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1: the payload of an `avcC` box. */
  decoderConfig: Uint8Array;
  widthPx: number;
  heightPx: number;
}

export interface AudioFormat {
  kind: 'audio';
  codec: 'aac' | 'opus';
  /** RFC 6381: `mp4a.40.2` or `opus`. */
  codecString: string;
  /** AAC: AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). Opus: the payload of a `dOps` box. */
  decoderConfig: Uint8Array;
  sampleRateHz: number;
  channelCount: number;
}

export type TrackFormat = VideoFormat | AudioFormat;

/**
 * One access unit. Times are microseconds of the server's `Clock` (since the Unix epoch) at which it was captured, as
 * well as that can be known; within a track decode times rise strictly. H.264 data is length-prefixed (AVCC, 4 bytes),
 * without parameter sets.
 */
export interface EncodedFrame {
  decodeTimeUs: number;
  presentationTimeUs: number;
  /** A decoder can start here. Always true for audio. */
  isKeyframe: boolean;
  data: Uint8Array;
}

/** Takes the frames of one track. A format comes before the first frame, and again whenever it changes. */
export interface FrameSink {
  format(format: TrackFormat): void;
  frame(frame: EncodedFrame): void;
  /** Frames were lost before the next one (packets missing, a queue overrun); it starts at a keyframe again. */
  gap?(): void;
  /** Nothing more will come. */
  ended(): void;
}

export interface FrameTapHandle {
  /** Takes nothing more from the track; what is on its way from there to the sink comes yet, and then `ended`. */
  end(): void;
  /** At once: the sink hears nothing more. */
  close(): void;
  /** Asks the source for a keyframe soon; absent where it makes them as it likes. Asking too often is harmless. */
  requestKeyframe?(): void;
}

/** A track whose encoded frames can be had. Opening it late starts at the next keyframe. */
export interface FrameTap {
  open(sink: FrameSink): Promise<FrameTapHandle>;
}
