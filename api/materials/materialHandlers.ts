import type { CourseRole, UserId } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import type { materialRoutes } from '../contract/index.ts';
import { viewOf } from './Materials.ts';
import type { Materials, MaterialViewer } from './Materials.ts';

const viewerOf = ({ caller, course }: { caller: { userId: UserId; loginId: string }; course: { role: CourseRole } }): MaterialViewer => ({ userId: caller.userId, loginId: caller.loginId, role: course.role });

export function materialHandlers({ materials }: { materials: Materials }): Handlers<keyof typeof materialRoutes> {
  return {
    listMaterials: async (call) => ({ materials: await materials.list(call.params.courseId, viewerOf(call), call.query) }),
    addLink: async ({ params: { courseId }, body }) => materials.add(courseId, { ...body, file: null }),
    uploadMaterial: async (call) => {
      const { fileName, title = fileName } = call.query;
      return materials.upload(call.params.courseId, viewerOf(call), { body: call.body, fileName, title });
    },
    replaceMaterialFile: async (call) => materials.replace(call.params.courseId, viewerOf(call), { body: call.body, fileName: call.query.fileName, materialId: call.params.materialId }),
    updateMaterial: async ({ params: { courseId, materialId }, body }) => materials.update(courseId, materialId, body),
    getMaterial: async (call) => viewOf(await materials.get(call.params.courseId, call.params.materialId, viewerOf(call))),
    orderMaterials: async ({ params: { courseId }, body: { materialIds } }) => {
      await materials.order(courseId, materialIds);
      return null;
    },
    deleteMaterial: async ({ params: { courseId, materialId } }) => {
      await materials.remove(courseId, materialId);
      return null;
    },
    openMaterial: async (call) => ({ url: await materials.address(call.params.courseId, viewerOf(call), { materialId: call.params.materialId, isDownload: call.query.isDownload }) }),
    downloadMaterial: ({ params: { token } }) => materials.open(token),
  };
}
