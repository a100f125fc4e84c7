/** A playlist as it is now, generated from the journal. */
export interface PlaylistText {
  text: string;
  /** It ends with EXT-X-ENDLIST and will not change. */
  isFinished: boolean;
}

/** A segment, init segment or picture, whole and unchanging. `sha256` is lower-case hex. */
export type MediaLocation =
  | { kind: 'file'; file: string; bytes: number; sha256: string }
  | { kind: 'stored'; key: string; bytes: number; sha256: string };

/** What delivery asks of the recorder. */
export interface RecordingLibrary {
  /**
   * `main.m3u8`, `screen.m3u8` or `<track>.m3u8`; undefined when the recording has nothing for it. A delta leaves out what
   * a player that asked a moment ago has; it is the whole text where there is nothing to leave out.
   */
  playlist(recordingId: string, name: string, isDelta?: boolean): Promise<PlaylistText | undefined>;
  /** `<track>/init-<epoch>.mp4` or `<track>/<sequence>.m4s`; undefined for a gap and for what does not exist. */
  locate(recordingId: string, path: string): Promise<MediaLocation | undefined>;
}

/** Where the poster of a recording lies. Implemented by the catalogue. */
export interface PosterLocator {
  locatePoster(recordingId: string): Promise<MediaLocation | undefined>;
}

/** Who may watch a lecture and its recording now. `main.ts` supplies it. */
export interface MediaGate {
  mayWatch(userId: string, lectureId: string): Promise<boolean>;
}
