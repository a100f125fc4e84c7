// Responsible for a cluster of a trial, on the backing servers of the tests. The caller stops it.
import { hasRedis } from '#engine/testing';
import { LocalCluster } from '../../../engine/setup/cluster/LocalCluster.ts';
import type { ClusterOptions } from '../../../engine/setup/cluster/LocalCluster.ts';
import { findNginxStream } from '../../../engine/setup/testPrograms.mjs';

const [database, store] = [process.env.LECTERN_TEST_MONGO_JAVA_URL, process.env.LECTERN_TEST_S3_ENDPOINT];

/** Whether this machine has what a cluster needs. */
export const hasClusterServers = Boolean(database && store) && hasRedis && findNginxStream(process.env) !== undefined;

export type SiteSettings = Record<string, string | undefined>;

/** A database and a bucket of their own on the backing servers. */
export function newClusterSite(purpose: string): SiteSettings {
  const name = `${purpose}-${Date.now()}`;
  return {
    LECTERN_DATABASE_URL: `${database}${name}`,
    LECTERN_S3_ENDPOINT: store,
    LECTERN_S3_BUCKET: name,
    LECTERN_S3_ACCESS_KEY_ID: process.env.LECTERN_TEST_S3_ACCESS_KEY,
    LECTERN_S3_SECRET_ACCESS_KEY: process.env.LECTERN_TEST_S3_SECRET_KEY,
  };
}

export async function openTrialCluster(folder: string, { site, counts }: { site: SiteSettings; counts: ClusterOptions['counts'] }): Promise<LocalCluster> {
  const cluster = new LocalCluster({ counts, folder, env: { ...process.env, ...site }, onLine: () => undefined, say: () => undefined });
  try {
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
