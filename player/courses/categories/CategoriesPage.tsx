import { AdministratorsOnly } from '../../app/AdministratorsOnly.tsx';
import { usePageTitle } from '../../app/usePageTitle.ts';
import { text } from '../../text/index.ts';
import { CategoriesSection } from './CategoriesSection.tsx';

/** For administrators: the categories of courses. */
export default function CategoriesPage() {
  usePageTitle(text.categories.title);
  return (
    <AdministratorsOnly>
      <div class="page">
        <h1>{text.categories.title}</h1>
        <CategoriesSection />
      </div>
    </AdministratorsOnly>
  );
}
