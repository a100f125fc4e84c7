import type { Material } from '#api/contract';
import { api } from '../app/services.ts';

/** Saves the file of a material to the device. Its address is asked for when it is needed: it works for minutes. */
export async function downloadMaterial({ courseId, id: materialId, file }: Material): Promise<void> {
  const link = document.createElement('a');
  link.href = await addressOf({ courseId, id: materialId }, true);
  link.download = file?.fileName ?? '';
  link.click();
}

export async function addressOf({ courseId, id: materialId }: Pick<Material, 'courseId' | 'id'>, isDownload: boolean): Promise<string> {
  return (await api.openMaterial({ params: { courseId, materialId }, query: { isDownload: String(isDownload) } })).url;
}
