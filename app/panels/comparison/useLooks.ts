import { useCallback } from 'react'
import { denseLook, methodLook, settingLooks, type MethodLook } from '../../charts/methodLook'
import { useSeats } from '../../store/seats'

/** How a method looks, by its label. */
export type Looks = (label: string) => MethodLook

/** The same look for a method in every view. */
export function useLooks(): Looks {
  const seats = useSeats(settingLooks)
  return useCallback(
    (label) => {
      const seat = seats.get(label)
      return seat ? methodLook(seat.method, seat.setting) : denseLook
    },
    [seats],
  )
}
