// Encoded media inside Lectern. Every source (RTMP, WebRTC, WHIP) yields frames in this shape, and the recorder consumes them.
// Modelled on EncodedVideoChunk and VideoDecoderConfig of WebCodecs: https://www.w3.org/TR/webcodecs/

/** What a decoder must know before the first video frame. */
export interface VideoFormat {
  kind: 'video';
  codec: 'h264';
  /** RFC 6381 §3.3, for playlists and MediaSource: `avc1.64001f`. */
  codecString: string;
  /** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1: the payload of an `avcC` box. */
  decoderConfig: Uint8Array;
  /** Size of the displayed image, after cropping. */
  widthPx: number;
  heightPx: number;
}

/** What a decoder must know before the first audio frame. */
export interface AudioFormat {
  kind: 'audio';
  codec: 'aac' | 'opus';
  /** RFC 6381 §3.3, for playlists and MediaSource: `mp4a.40.2` or `opus`. */
  codecString: string;
  /** AAC: AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). Opus: the payload of a `dOps` box (Opus in ISOBMFF §4.3.2). */
  decoderConfig: Uint8Array;
  /** Sample rate of the decoded audio. */
  sampleRateHz: number;
  channelCount: number;
}

export type TrackFormat = VideoFormat | AudioFormat;

/**
 * One encoded frame: an access unit of H.264, a frame of AAC or a packet of Opus. Times are the capture time, as far as it is
 * known, in microseconds since the Unix epoch by the server's `Clock`.
 */
export interface EncodedFrame {
  /** Strictly increasing within a track. */
  decodeTimeUs: number;
  /** Differs from `decodeTimeUs` when the video has B-frames. */
  presentationTimeUs: number;
  /** A decoder can start at this frame. Always true for audio. */
  isKeyframe: boolean;
  /** H.264: NAL units, each after its length in 4 bytes (AVCC, ISO/IEC 14496-15), without parameter sets. */
  data: Uint8Array;
}

/** Receives the frames of one track. */
export interface FrameSink {
  /** Called before the first frame, and before the first frame of each new format. */
  format(format: TrackFormat): void;
  frame(frame: EncodedFrame): void;
  /** Frames were lost (missing packets, a full queue). The next frame is a keyframe. */
  gap?(): void;
  /** The track has ended. No other method is called after this one. */
  ended(): void;
}

/** Controls an open tap. */
export interface FrameTapHandle {
  /** Stops reading from the track. Frames in flight are still delivered to the sink, then `ended`. */
  end(): void;
  /** Closes the tap at once. The sink is not called again. */
  close(): void;
  /** Requests a keyframe from the source. May be called at any rate. Absent when the source takes no requests. */
  requestKeyframe?(): void;
}

/** Gives access to the encoded frames of a track. */
export interface FrameTap {
  /** Delivers the frames from now on to `sink`, beginning with the next keyframe. */
  open(sink: FrameSink): Promise<FrameTapHandle>;
}
