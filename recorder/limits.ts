// The limits of the recorder: time-outs, intervals, retries, sizes. Constants of a format or an algorithm stay beside it.

// Segments and playlists

/** EXT-X-TARGETDURATION of every playlist. It must not change while a playlist grows (RFC 8216 §4.3.3.1). */
export const targetDurationSeconds = 10;
/** A segment ends here even where no keyframe comes, so that the target duration holds. */
export const maxSegmentMs = targetDurationSeconds * 1000;
/** A keyframe interval of 10 s with a jittery clock still makes one segment: RFC 8216 §4.3.3.1 rounds to whole seconds. */
export const maxSegmentOverrunMs = 250;
/** A keyframe ends a segment that is at most this much too short: an interval of 2 s is 1.99 s about half of the time. */
export const earlyKeyframeMs = 100;
/** How long one track of a group waits for another. After that, its last frame is held, or its gap is filled. */
export const maxLagMs = 3000;
/** A segment may begin with a copy of this many frames and bytes. A decoder catches up with 300 frames within about a second. */
export const maxRepeatedFrames = 300;
export const maxRepeatedBytes = 8 * 2 ** 20;
/** A source with fewer frames per second is sparse: its segments begin with copies where it sends no keyframe. */
export const maxSparseFrameRate = 5;
/** A track that changes its format joins an epoch that began at most this long ago, instead of beginning another one. */
export const epochJoinMs = 1000;
/** Audio that has drifted further is realigned. Early audio is noticed from 45 ms on (ITU-R BT.1359-1). */
export const maxAudioDriftMs = 40;
/** A shorter gap counts as none: the entry after it is lengthened, and EXTINF differs from the media by at most this. */
export const maxAbsorbedGapMs = 100;
/** Tracks of a finished recording may end this far apart: MediaSource ends with the last one. */
export const maxTrackEndDifferenceMs = 3000;
/** A shorter segment does not count for the frame rate. */
export const minFrameRateSampleMs = 1000;
/** A shorter segment does not count for the peak bitrate. RFC 8216bis §4.4.6.2 excludes very short ones, too. */
export const minPeakBitrateSampleMs = 500;

// Capture

/** How often a recording looks for tracks that have stopped sending frames. */
export const trackCheckIntervalMs = 1000;
/** Without a frame for this long, the segment in progress is written. More than `maxLagMs`, so that tracks are in order. */
export const flushAfterMs = maxLagMs + 1000;
/** The same while the track is published: delayed frames arrive late, but complete. Ingest closes a silent connection after 10 s. */
export const flushPublishedAfterMs = 12_000;
/**
 * The last frame is not shown over a longer time in which nothing was heard of the source, nor of time itself: the process was
 * stopped, or the clock jumped. Checks come every second; a busy machine delays them by seconds.
 */
export const maxUnseenHoldMs = 60_000;
/** How long the end of a lecture waits for frames in flight. An ffmpeg of ingest takes up to 3 s to end. */
export const lastFramesTimeoutMs = 5000;
/** First delay before a track is read again that could not be read; it doubles with every failure. */
export const tapRetryFirstMs = 500;
/** Longest delay before a track is read again. */
export const tapRetryMaxMs = 5000;
/** Pause before a failed write to the disk or the journal is repeated. */
export const writeRetryMs = 1000;
/** Segments written in parallel. After a gap of minutes, its fillers must not delay the media that follows them. */
export const maxParallelWrites = 16;
/** Spool folders known to exist. A recording has three. */
export const maxKnownFolders = 1000;
/** How often the free space of the disk is measured. */
export const diskMeasureIntervalMs = 5000;
/** The fill rate is averaged over this: writes of several lectures and removals after uploads even out. */
export const diskRateWindowMs = 60_000;
/** A shorter window is too short to estimate the fill rate. */
export const minDiskRateWindowMs = 10_000;
/** Presenters are warned when the disk fills up within this time. */
export const maxReportedDiskMinutes = 30;

// Recordings

/** How often `recording.grew` is emitted for each recording. */
export const growthIntervalMs = 10_000;
/** How long `close` waits for captured media to be written. The process has 25 s to stop. */
export const drainTimeoutMs = 10_000;
/** How long a start waits for abandoned recordings to be finished. The rest continues in the background. */
export const finishAbandonedTimeoutMs = 2000;
/**
 * How often a process looks for recordings of lectures that have ended, and whose process is gone. Nobody waits for them:
 * their playlists can be played meanwhile.
 */
export const abandonedCheckIntervalMs = 30_000;
/** How long `close` waits for playlists that are being uploaded. */
export const lastPlaylistsTimeoutMs = 1000;
/**
 * Segments in the recording indexes in memory, those of live lectures and of videos being watched: 30 lectures of two hours,
 * or a thousand of three minutes. One takes about 0.5 KB.
 */
export const maxIndexedSegments = 200_000;

/** How many segments take as much memory as an index without any: 3.5 KB. Lectures that nobody broadcasts have such indexes. */
export const segmentsOfEmptyIndex = 7;
/** Rows of files in memory, for the requests of segments: those of the newest minutes of all lectures. One takes about 0.7 KB. */
export const maxKnownFiles = 20_000;

// Outbox

/** How often the outbox checks for late uploads and for work. */
export const outboxIntervalMs = 5000;
/** First delay before a failed upload is repeated; it doubles with every failure. */
export const uploadRetryFirstMs = 1000;
/** Longest delay before a failed upload is repeated. */
export const uploadRetryMaxMs = 30_000;
/** Longest pause between two probes of an unavailable store. Less than `uploadRetryMaxMs`, to notice its return soon. */
export const storeProbeMaxMs = 10_000;
/** A segment that waits longer is late, and the presenter is notified. A store that takes 5 s for each request keeps up. */
export const lateUploadMs = 10_000;
/** How long `close` waits for uploads in flight. */
export const lastUploadsTimeoutMs = 3000;

// Object stores

/** Keys in one list page or one delete request (the maximum of ListObjectsV2 and DeleteObjects of S3). */
export const maxKeysPerRequest = 1000;
/** How long a connection may take to open. */
export const s3ConnectTimeoutMs = 3000;
/** A part of 8 MiB in this time is 1.1 Mbps. */
export const s3RequestTimeoutMs = 60_000;
/** No byte moves on the connection: the server has accepted the request and does not answer. */
export const s3IdleTimeoutMs = 15_000;
/** Attempts of the SDK, for a connection that broke. The outbox has its own retries. */
export const s3Attempts = 2;
/** Parallel connections to the server. */
export const s3MaxSockets = 64;
/** How long a start waits for the S3 server. One in the same network answers within milliseconds. */
export const s3StartTimeoutMs = 3000;
/** First delay before the bucket is prepared again; it doubles with every failure. */
export const s3PrepareRetryFirstMs = 2000;
/** Longest delay before the bucket is prepared again. */
export const s3PrepareRetryMaxMs = 60_000;
/** Larger files are uploaded in parts. */
export const s3MultipartThresholdBytes = 16 * 2 ** 20;
/** S3 accepts no part below 5 MiB except the last one. */
export const s3PartBytes = 8 * 2 ** 20;
/** Parts of one file in flight. */
export const s3ParallelParts = 2;
/** Deletions in parallel at a server without DeleteObjects. */
export const s3ParallelDeletes = 16;
/** Copies of one object within the server: a part of this size takes seconds, and an object of 50 GB has 800 (S3 allows 10,000). */
export const s3CopyPartBytes = 64 * 2 ** 20;
/** How long browsers remember the CORS answer of the bucket. */
export const s3CorsMaxAgeSeconds = 3600;

// Delivery

/** Lifetime of a signed address. With the 10 s for which permissions are cached, a removal takes effect within a minute. */
export const signedAddressSeconds = 45;
/** How long a signed address is given to others who request the object. */
export const signedAddressReuseSeconds = 10;
/** Signed addresses that are given out again, 0.5 KB each. */
export const maxSignedAddresses = 10_000;
/** How long a browser may reuse a redirect, less the age of the address. Leaves 30 s of the signed address to begin a download. */
export const redirectCacheSeconds = 15;
/** How long a browser may keep a segment. Segments never change. */
export const segmentMaxAgeSeconds = 86_400;
/** How long a permission to watch is cached. With `signedAddressSeconds` it stays below the minute in which a removal takes effect. */
export const permissionLifetimeMs = 10_000;
/** Permissions that are cached, for each viewer and video: more than a node has viewers. One takes about 0.3 KB. */
export const maxCachedPermissions = 50_000;
/** How long a browser may keep a poster. A better one replaces it when the recording ends. */
export const posterMaxAgeSeconds = 300;
/** Segments in memory: the last 10 s of 20 lectures at 2.5 Mbps. */
export const segmentCacheBytes = 64 * 2 ** 20;
/** Larger files are streamed. A segment of 2 s at 4 Mbps has 1 MB. */
export const maxCachedFileBytes = 2 * 2 ** 20;
/** Files of the spool whose hash was checked, remembered. A segment stays in the spool for seconds. */
export const maxVerifiedFiles = 1000;
/** Playlist bodies in memory, each with its compressed form. A live recording has up to eight. */
export const maxPlaylistBodies = 200;

// Videos and posters

/** How long a process remembers which renditions a video has. With the renditions before them, their files are deleted later than that. */
export const knownVideoMs = 5000;
/** Videos that are remembered for that. One takes about 2 KB. */
export const maxKnownVideos = 2000;
/** Segments of the manifests in memory: 40 videos of an hour in eight renditions. One takes about 0.2 KB. */
export const maxManifestSegments = 500_000;

/** Cues of the captions in memory: 100 tracks of two hours. One takes about 0.3 KB. */
export const maxRememberedCues = 200_000;
/** By how much the times of a playlist and of the cuts may differ, in ms: less than any cut is long. */
export const maxShiftDifferenceMs = 100;

/** Videos in one page of a course, where the caller sets no limit. */
export const videoPageSize = 50;
/** How many missing posters a start makes up for, so that it is not busy with those that cannot be made. */
export const maxPostersAtStart = 50;
/** How long `close` waits for rows of videos that are being written. */
export const lastVideoWritesTimeoutMs = 1000;
/** Wider video is scaled down. */
export const posterMaxWidthPx = 1280;
/** Frames from which the most typical one is chosen: not a black one, not one in a cross-fade. */
export const posterFramesCompared = 60;
/** A poster is not essential: after these tries, an administrator may send the job again. */
export const posterAttempts = 3;
/** Pause before the second try; doubled for the third. */
export const posterRetryMs = 10_000;
/** Posters that are made on one node at once: each is an ffmpeg for about a second. */
export const maxPostersAtOnce = 1;
/** ffmpeg is killed when a poster takes longer. */
export const posterTimeoutSeconds = 30;

// Audit

/** Files read in parallel. */
export const auditParallelReads = 8;
/** Damages printed for each recording; further ones are counted. */
export const maxPrintedDamages = 20;

/** How often a process reads what another one has added to a growing recording, in ms: half a segment, while somebody watches. */
export const followIntervalMs = 1000;

/** How often it looks whether another node has stored what a finished recording lacks, in ms, while somebody watches. */
export const followIncompleteMs = 10_000;

/** For so long after its end, a recording of another node waits for its last segments, in ms. Then it is played without them. */
export const lastUploadsMs = 120_000;

/** How often the storage that courses use is measured, in ms. Only recordings that are not final are read. */
export const storageMeasureIntervalMs = 15 * 60_000;

// Deletion

/** How long a deleted video can be restored. */
export const videoTrashMs = 14 * 24 * 3600_000;
/** By how much the clocks of two processes may differ: one restores the video, and another one removes it. */
export const purgeMarginMs = 5 * 60_000;
/** How often videos are looked for whose time is over. */
export const purgeIntervalMs = 3600_000;
/** Videos that are removed in one run; the next run follows after `purgeIntervalMs`. */
export const maxPurgesAtOnce = 200;
/** Segments that a node has not uploaded for so long are lost with it: a video is removed without them. */
export const lostNodeMs = 24 * 3600_000;
/** Tries to remove a video: with `purgeRetryMs` doubling, about a day without the store. */
export const purgeAttempts = 12;
/** Pause before the second try. */
export const purgeRetryMs = 30_000;

// Downloads

/** Requests to the store in flight for one download. Each answers within tens of milliseconds. */
export const downloadParallelReads = 6;
/** A download is read in pieces of at most this size: with `downloadParallelReads`, 6 MB of memory for each. */
export const downloadPieceBytes = 2 ** 20;
/** The heads of downloads in memory, for the further ranges of a download manager. That of four hours has 10 MB. */
export const downloadHeadCacheBytes = 64 * 2 ** 20;
/** Downloads that are laid out at once: each reads the headers of all segments. Others wait. */
export const maxDownloadLayouts = 2;
/** How often a download in progress checks that its viewer still may. Below the minute in which a removal takes effect. */
export const downloadRecheckMs = 30_000;

// Storage classes, retention and sweep

export const dayMs = 24 * 3600_000;
/** How often a view of a video is written down. The rules count days. */
export const watchedIntervalMs = 3600_000;
/** Videos that one run moves to another storage class. A run comes every `classJobIntervalMs`: 9,600 videos a day. */
export const maxMovesPerRun = 100;
export const classJobIntervalMs = 15 * 60_000;
/** Objects of one video that are moved or restored at once. */
export const parallelMoves = 8;
/** How often it is checked whether archived videos are back. A restore takes hours at AWS. */
export const restorePollMs = 60_000;
/** Videos that are looked at in one check. */
export const maxRestoresPerRun = 200;
/** A move that has stood still for so long belongs to a process that is gone. */
export const staleMoveMs = 5 * 60_000;
/** Days for which the archive keeps the restored copy. The objects are moved within hours. */
export const restoredCopyDays = 3;
/** How often storage is measured by class. It reads the rows of all videos. */
export const classMeasureIntervalMs = 3600_000;
/** Days whose storage is kept: three years of a plot. */
export const keptStorageDays = 1100;
/**
 * A sweep deletes nothing younger: an object is stored before the row that names it. Uploads are resumed within a day, and a job that makes
 * renditions for longer shows that in the row of its video.
 */
export const sweepSafeAgeMs = 2 * dayMs;
/** Objects and videos that the report of a sweep names. It counts all. */
export const maxSweepExamples = 100;
// Folding

/** How long after its end the rows of a recording are folded, in ms: a lecture that starts again within its grace period continues its recording. */
export const foldAfterMs = 30 * 60_000;
/** How often recordings are looked for that can be folded, in ms. */
export const foldIntervalMs = 5 * 60_000;
/** Recordings of one run. An old database with 100,000 recordings is folded within a month. */
export const maxFoldsPerRun = 20;
/** Rows that are deleted or restored by one statement, which the statements of live lectures wait for: some milliseconds on SQLite. */
export const foldBatchRows = 100;
/** Pause after each of them, in ms. */
export const foldPauseMs = 100;
/** Rows of folded recordings in memory, for those that are watched: 50 lectures of an hour. One takes about 0.5 KB. */
export const maxFoldedRows = 200_000;
