import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { obsAudio, testAudio } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import { useTestIngest } from '../testing/useTestIngest.ts';

const encoded = (...more: string[]) => ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', ...testAudio, '-t', '6', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', ...more, ...obsAudio];

describe('Video that some browsers cannot play', () => {
  const bench = useTestIngest();

  it.each([
    ['4:2:2', ['-pix_fmt', 'yuv422p']],
    ['4:4:4', ['-pix_fmt', 'yuv444p', '-bf', '2']],
    ['10 bits per sample', ['-pix_fmt', 'yuv420p10le']],
    ['interlaced', ['-pix_fmt', 'yuv420p', '-flags', '+ilme+ildct']],
  ])('is recorded as it is re-encoded, and copied to the room: %s', async (_, more) => {
    const { lecture, url } = await bench.station.openCourse();
    const push = bench.push(url, encoded(...more));
    const attachment = await until('the recording to begin', () => lecture.attached[0]);
    await until('health', () => lecture.health?.state === 'running' && lecture.health.isReencoded);
    const ingress = await until('the room', () => lecture.ingress('video'));
    await until('video in the room', () => ingress.packets.length > 50);
    await push.ended;
    await until('the end', () => attachment.detached);
    const { formats, frames } = attachment.video;
    expect(formats).toMatchObject([{ widthPx: 320, heightPx: 180, codecString: expect.stringMatching(/^avc1\.6400/) as string }]);
    expect(frames).toHaveLength(150);
    expect(frames[0]?.isKeyframe).toBe(true);
    expect(frames.filter(({ isKeyframe }) => isKeyframe).length).toBeGreaterThanOrEqual(4);
    expect(frames.every(({ decodeTimeUs }, i) => i === 0 || decodeTimeUs > (frames[i - 1]?.decodeTimeUs ?? 0))).toBe(true);
    const firstAudioUs = attachment.audio.frames[0]?.decodeTimeUs ?? 0;
    expect(Math.abs((frames[0]?.presentationTimeUs ?? 0) - firstAudioUs)).toBeLessThan(200_000);
  });

  it('is recorded as it is while ffmpeg cannot be run, with a problem for the instructor', async () => {
    await using broken = await openTestIngest({ config: { LECTERN_FFMPEG: '/nowhere/ffmpeg' } });
    const { lecture, url } = await broken.openCourse();
    bench.push(url, encoded('-t', '40', '-pix_fmt', 'yuv422p'));
    const attachment = await until('the recording to begin', () => lecture.attached[0]);
    await until('frames', () => attachment.video.frames.length > 30);
    expect(attachment.video.formats[0]).toMatchObject({ codecString: expect.stringMatching(/^avc1\.7a/) as string });
    await until('the problem', () => lecture.health?.problem?.includes('recorded as it is'));
  });
});
