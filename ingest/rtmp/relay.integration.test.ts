import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { advisedVideo, obsAudio, pushWithFfmpeg, RtmpClient, testAudio, testVideo } from '../testing/index.ts';
import { maxOpeningPerAddress } from '../limits.ts';
import type { Push } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import type { TestIngest } from '../testing/openTestIngest.ts';

describe('An encoder that connects to a node that does not own its lecture', () => {
  let owner: TestIngest;
  let other: TestIngest;
  const pushes: Push[] = [];
  const clients: RtmpClient[] = [];

  beforeEach(async () => {
    owner = await openTestIngest();
    other = await openTestIngest({ database: owner.database });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all(pushes.splice(0).map((each) => each.stop()));
    await other[Symbol.asyncDispose]();
    await owner[Symbol.asyncDispose]();
  });

  async function openCourse(address = `127.0.0.1:${owner.ingest.rtmpPort}`) {
    const course = await owner.openCourse();
    other.lectures.elsewhere.set(course.courseId, address);
    return { ...course, url: `rtmp://127.0.0.1:${other.ingest.rtmpPort}/live/${course.key}` };
  }

  /** Sends everything at once, and waits for the response. */
  async function publish(key: string): Promise<RtmpClient> {
    const client = await RtmpClient.connect(other.ingest.rtmpPort);
    clients.push(client);
    client.handshake();
    client.connectApp('live');
    client.publish(key);
    await until('the response to the request to publish', () => client.received.includes('NetStream.Publish.Start'));
    return client;
  }

  const push = (url: string, seconds: number) => {
    const started = pushWithFfmpeg(url, [...testVideo, ...testAudio, '-t', String(seconds), ...advisedVideo, ...obsAudio]);
    pushes.push(started);
    return started;
  };

  it('is passed on, and recorded there from its first frame to its last', async () => {
    const { lecture, url } = await openCourse();
    expect(await push(url, 3).ended).toEqual({ code: 0, text: '' });
    const attachment = await until('the encoder to be gone', () => lecture.attachments.find(({ detached }) => detached !== undefined));
    expect(attachment.video.frames).toHaveLength(90);
    expect(attachment.video.frames[0]?.isKeyframe).toBe(true);
    expect(lecture.attachments).toHaveLength(1);
  });

  it('is passed on when it sends everything without waiting for responses', async () => {
    const { key } = await openCourse();
    const client = await publish(key);
    expect(client.received.split('NetConnection.Connect.Success')).toHaveLength(2);
  });

  it('takes no place of the encoders that are about to connect from the same address', async () => {
    const relayed = maxOpeningPerAddress + 2;
    for (let index = 0; index < relayed; index += 1) {
      const { key } = await openCourse();
      await publish(key);
    }
    expect(clients).toHaveLength(relayed);
    // It waits for each response before it goes on.
    const { url } = await other.openCourse();
    expect(await push(url, 1).ended).toEqual({ code: 0, text: '' });
  });

  it('gets the refusal of that node', async () => {
    const { lecture, url } = await openCourse();
    lecture.hasEnded = true;
    const { code, text } = await push(url, 30).ended;
    expect(code).not.toBe(0);
    expect(text).toContain('No lecture of this course is live or scheduled now.');
  });

  it('is told that the node does not answer', async () => {
    const { url } = await openCourse('127.0.0.1:9');
    const { code, text } = await push(url, 30).ended;
    expect(code).not.toBe(0);
    expect(text).toContain('The server of this lecture does not answer.');
  });

  it('is disconnected with that node, so that it connects again', async () => {
    const { lecture, url } = await openCourse();
    const pushed = push(url, 60);
    await until('its media', () => (lecture.attachments[0]?.video.frames.length ?? 0) > 15);
    await owner.ingest.close();
    expect((await pushed.ended).code).not.toBe(0);
  });
});
