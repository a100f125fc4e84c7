// Limits of transcoding: what a source may be, what the encoders get, and how much a job may use.

// Sources

/** Longer videos are refused: a day. */
export const maxSourceSeconds = 24 * 3600;
/** The longer side of a video. 8K is 7680; H.264 level 6.2 ends at 8192 in practice. */
export const maxSourceSidePx = 8192;
/** Pixels of a frame: 8192 × 4608. A decoder holds a dozen of them. */
export const maxSourcePixels = 8192 * 4608;
/** Tracks of a file. ffmpeg stops reading a header that announces more. */
export const maxSourceTracks = 64;
/** Audio tracks that get a rendition. */
export const maxAudioTracks = 16;
/** Bytes and time that ffmpeg reads to find the tracks. Broadcast captures start some tracks late. */
export const probeBytes = 20_000_000;
export const probeMicroseconds = 20_000_000;
/** A longer video with fewer packets than this for each second, over all tracks, has a header or timestamps that lie. */
export const minPacketsPerSecond = 0.1;
export const maxUncheckedSeconds = 60;
/** Milliseconds that are the rounding of a container (Matroska counts whole ones): no variable frame rate. */
export const frameJitterMs = 2;
/** Share of the frames that may be irregular in video with a constant frame rate. */
export const maxIrregularFrames = 0.02;
/** Frames per second of the ladder; a faster source is shown at a fraction of its rate. */
export const maxFrameRate = 60;
/** Longest keyframe interval of video that is played as it is. Players request a whole segment before a seek shows a frame. */
export const maxCopiedKeyframeSeconds = 12;
/** Bits per second up to which uploaded video is played as it is until the ladder is complete. */
export const maxCopiedBps = 20_000_000;

// Renditions

/** Seconds between keyframes of the ladder. Apple's HLS authoring specification, 1.10: SHOULD be 2 s. */
export const keyframeSeconds = 2;
/** Keyframe intervals in a segment: segments of 6 s (Apple's HLS authoring specification, 7.5). */
export const keyframesPerSegment = 3;
/** Segments in a part: parts of about a minute, so that workers share a film and a killed one repeats a minute. */
export const segmentsPerPart = 10;
/** A part may be this many segments shorter or longer, to begin where the source has a keyframe. */
export const partSlackSegments = 2;
/** Bits per second of AAC-LC. Transparent for speech, good for music in stereo. */
export const audioBps = 128_000;
export const audioSampleRateHz = 48_000;
/**
 * Loudness in LUFS by EBU R128 (ITU-R BS.1770-4), and the highest true peak in dBTP. −16 is what Apple asks of spoken podcasts
 * ("Podcasts audio requirements": −16 dB LKFS ± 1, true peak −1 dBFS). R128's −23 is for broadcast, too quiet for phones.
 */
export const loudnessLufs = -16;
export const maxTruePeakDb = -1;
/** The limiter stays below `maxTruePeakDb`, because AAC adds overshoots. */
export const limiterPeakDb = -1.5;
/** Quieter audio is silence or noise, and is not raised: the absolute gate of BS.1770. */
export const silentLufs = -70;
/** Audio is raised by no more than this, so that the noise of a quiet room stays quiet. */
export const maxGainDb = 20;
/** Preset of x264: three quarters of the quality of `medium` at a third of its CPU. */
export const encoderPreset = 'veryfast';
/** What cannot be played as it is gets this size first. */
export const firstPassHeight = 480;
/** Decoding begins this much before a keyframe in files without an index, where ffmpeg guesses the place by the bitrate. */
export const indexlessMarginSeconds = 10;
/** The best quality that is encoded; x264's default is 23. */
export const bestCrf = 22;
/** Worse quality shows blocks; the capped bitrate then decides. */
export const worstCrf = 30;
/** The samples of the quality probe: their positions, length, and the two qualities between which bitrates are interpolated. */
export const samplePositions = [0.2, 0.5, 0.8];
export const sampleSeconds = 2;
export const sampleCrfs = [23, 29] as const;
/** Videos shorter than this are encoded without a probe. */
export const minProbedSeconds = 20;

// Images

/** Frames of a storyboard sprite: 10 × 10. */
export const storyboardColumns = 10;
export const storyboardRows = 10;
export const storyboardTileWidthPx = 160;
/** Seconds between two frames of the storyboard, by the length of the video, so that two hours fit in eight sprites. */
export const storyboardIntervals = [[300, 2], [1800, 4], [7200, 10], [Infinity, 20]] as const;
/** Values of a waveform: more than a wide screen has pixels. */
export const waveformPoints = 2000;

// Work

/** Threads of an encoder where the settings do not say. x264 gains little from more for the sizes of a ladder. */
export const maxDefaultThreads = 8;
/** Address space of an ffmpeg: 2160p in seven sizes takes 3 GB of it. */
export const maxToolMemoryBytes = 8 * 2 ** 30;
/** The largest block that ffmpeg allocates at once: a frame of 8192 × 4608 in 16 bit 4:4:4 has 226 MB. */
export const maxToolBlockBytes = 512 * 2 ** 20;
/** Open files of an ffmpeg: its libraries, its input and ten outputs. */
export const maxToolFiles = 256;
/** Characters of the output of ffprobe for the tracks of a file. */
export const maxProbeChars = 4 * 2 ** 20;
/** Seconds for reading the tracks of a file. */
export const probeTimeoutSeconds = 120;
/** Seconds of work for each second of media, and at least: an ffmpeg that takes longer hangs. Time while it is stopped does not count. */
export const workFactor = 60;
export const minWorkSeconds = 300;
/** Bytes of a source file for which reading takes a second on a slow disk. */
export const slowReadBytesPerSecond = 5_000_000;
/** Milliseconds between two updates of the progress in the database. */
export const progressIntervalMs = 2000;
/** Tries of a part before its video fails. With the pauses below they span half an hour. */
export const transcodeAttempts = 8;
/** Tries that only say that the video fails, because the workers of all others were killed. */
export const failingAttempts = 2;
export const transcodeRetryFirstMs = 15_000;
export const transcodeRetryMaxMs = 10 * 60_000;
/** Milliseconds for which replaced renditions are kept: a viewer who has their playlist can finish. */
export const replacedRetentionMs = 12 * 3600_000;
/** Milliseconds for which a fetched source file is kept after its last task. */
export const sourceRetentionMs = 60_000;
/** Free space that a job leaves on the disk of the work folder. */
export const workReserveBytes = 512 * 2 ** 20;

// Live lectures first

/** Milliseconds between two looks at the processors. */
export const cpuCheckMs = 500;
/** Milliseconds between two questions whether a lecture is live, while the processors are busy. */
export const liveCheckMs = 2000;
/** Share of all processors that work other than transcoding may use. Above it, transcoding stops. */
export const busyShare = 0.6;
/** Below it, transcoding continues. */
export const calmShare = 0.4;
/** Looks in a row above or below: a stop takes a second, a start five, so that it does not flap. */
export const busyChecks = 2;
export const calmChecks = 10;
