/** What the page shows below the map and beside it, a tab each, by its id in the address (`?tab=cost`). */
export const tabs = {
  compare: 'Compare',
  try: 'Try it',
  inside: 'Inside',
  cost: 'Cost',
  learn: 'Learn',
} as const

export type TabId = keyof typeof tabs

/** On a narrow page map and curves are tabs, too: they come first. */
export const narrowTabs = { map: 'Map', curves: 'Curves', ...tabs } as const

export type NarrowTabId = keyof typeof narrowTabs
