import { Column } from './Column'
import { onTabs } from './onTabs'
import type { TabId } from './store/tabs'

/** What a tab shows. */
export default function TabColumn({ place }: { readonly place: TabId }) {
  return <Column panels={onTabs} place={place} tab />
}
