import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { bench, until } from '#engine/testing';
import { encoderArgs, fragmentedVideo } from './encode/videoArgs.ts';
import { ladderOf } from './ladder/ladder.ts';
import { keyframeInterval } from './ladder/parts.ts';
import { TranscodePlan } from './jobs/transcodePlan.ts';
import { readJson } from './jobs/foldVideo.ts';
import { ffmpegPath, make, TranscodeBench } from './testing/TranscodeBench.ts';

const run = promisify(execFile);
/** `LECTERN_BENCH_FILM_SECONDS` makes it shorter while the bench itself is worked on. */
const filmSeconds = Number(process.env['LECTERN_BENCH_FILM_SECONDS'] ?? 600);
const rate = { num: 30, den: 1 };
const threads = 2;
/** `utime`, `stime` and those of children that have ended: fields 14 to 17 of proc_pid_stat(5), in hundredths of a second. */
const [firstCpuField, cpuFields, ticksPerSecond] = [13, 4, 100];

/** Seconds of CPU of this process and of all its children that have ended. */
function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = `pid name ${stat.slice(stat.lastIndexOf(')') + 2)}`.split(' ');
  return fields.slice(firstCpuField, firstCpuField + cpuFields).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond;
}

async function measured<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; cpu: number }> {
  const [startedAt, before] = [performance.now(), cpuSeconds()];
  const result = await work();
  return { result, seconds: (performance.now() - startedAt) / 1000, cpu: cpuSeconds() - before };
}

/** The same renditions with one ffmpeg, which is given the qualities that Lectern has chosen. */
async function alone(file: string, { passes }: TranscodePlan, folder: string): Promise<void> {
  const rungs = passes.flatMap((pass) => pass.rungs);
  const split = `[0:v]split=${rungs.length}${rungs.map((_, index) => `[c${index}]`).join('')}`;
  const sizes = rungs.map(({ rung }, index) => `[c${index}]${index === 0 ? 'null' : `scale=${rung.widthPx}:${rung.heightPx}:flags=bicubic`}[s${index}]`);
  const outputs = rungs.flatMap(({ quality }, index) => ['-map', `[s${index}]`, ...encoderArgs({ quality, rate, keyframeFrames: keyframeInterval(rate), threads }), ...fragmentedVideo, `alone-${index}.mp4`]);
  const audio = ['-map', '0:a', '-af', 'loudnorm=I=-16:TP=-1', '-ar', '48000', '-c:a', 'aac', '-b:a', '128k', 'alone.m4a'];
  await run(ffmpegPath, ['-nostdin', '-v', 'error', '-y', '-i', file, '-filter_complex', [split, ...sizes].join(';'), ...outputs, ...audio], { cwd: folder, maxBuffer: 2 ** 24 });
}

await bench('transcode', async (report) => {
  const site = await TranscodeBench.open();
  try {
    report.say(`a film of ${filmSeconds} s in 1080p is made`);
    const picture = `testsrc2=size=1920x1080:rate=30:duration=${filmSeconds},noise=alls=6:allf=t`;
    const file = await make(site.folder, 'film.mp4', ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', `sine=frequency=300:duration=${filmSeconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-pix_fmt', 'yuv420p', '-g', '60', '-c:a', 'aac', '-movflags', '+faststart']);
    const { stop } = await site.worker({ transcodes: 1 });
    report.say('it is transcoded');
    let plan: TranscodePlan | undefined;
    let playableSeconds = 0;
    const work = await measured(async () => {
      const startedAt = performance.now();
      const videoId = await site.upload(file);
      await until('something to play', async () => (await site.videos.get(videoId)).state === 'ready', 600_000);
      playableSeconds = (performance.now() - startedAt) / 1000;
      plan = TranscodePlan.parse(await until('the plan', async () => {
        const key = (await site.keys(`videos/${videoId}/`)).find((one) => one.endsWith('/plan.json'));
        return key && (await readJson(site.store, key));
      }, 600_000));
      return site.finished(videoId, filmSeconds * 60_000);
    });
    await stop();
    report.say('ffmpeg does the same alone');
    const sizes = ladderOf({ widthPx: 1920, heightPx: 1080 }).length;
    const direct = await measured(() => alone(file, plan as TranscodePlan, site.folder));
    report.figure({ name: `end of upload to playable, ${filmSeconds} s of 1080p`, samples: [playableSeconds], unit: 's' });
    report.figure({ name: `end of upload to ${sizes} sizes, audio and images`, samples: [work.seconds], unit: 's' });
    report.figure({ name: 'the same sizes and audio by one ffmpeg alone', samples: [direct.seconds], unit: 's' });
    report.figure({ name: 'CPU of transcoding, relative to that ffmpeg', samples: [(work.cpu / direct.cpu) * 100], unit: '%', target: { of: 'median', is: 'atMost', limit: 110 } });
  } finally {
    await site.close();
  }
});
