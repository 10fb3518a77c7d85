//! [`Buffer`]: a vector whose memory goes back to a pool, so that a training step allocates nothing.
//!
//! Every step asks for blocks of the same lengths in the same order. A buffer that is dropped is
//! kept, by its length, in a pool of its thread, and the next one of that length takes it: after the
//! first step the pool holds exactly the blocks that a step needs at once, which is its memory plan.
//! When nobody on the thread holds a [`Lease`] any more, as every model does, they go back to the system.

use std::cell::{Cell, RefCell};
use std::ops::{Deref, DerefMut};

/// Values that can be pooled.
pub trait Pooled: Copy + Default + 'static {
    /// Calls `f` with this thread's pool.
    #[doc(hidden)]
    fn with_pool<R>(f: impl FnOnce(&mut Pool<Self>) -> R) -> Option<R>;
}

/// Idle memory, by capacity.
#[doc(hidden)]
#[derive(Debug)]
pub struct Pool<T> {
    shelves: Vec<(usize, Vec<Vec<T>>)>,
}

macro_rules! pools {
    ($($value:ty: $pool:ident),*) => {
        thread_local! {
            $(static $pool: RefCell<Pool<$value>> = const { RefCell::new(Pool { shelves: Vec::new() }) };)*
        }

        $(impl Pooled for $value {
            fn with_pool<R>(f: impl FnOnce(&mut Pool<Self>) -> R) -> Option<R> {
                // The pool is gone when its thread is; whoever still drops a buffer then just frees it.
                $pool.try_with(|pool| f(&mut pool.borrow_mut())).ok()
            }
        })*

        /// Frees all idle buffers of this thread.
        fn clear() {
            $(<$value>::with_pool(|pool| pool.shelves.clear());)*
        }
    };
}

pools!(f32: F32, f64: F64, u8: U8, u32: U32, usize: USIZE, bool: BOOL, [f32; 6]: MATRICES);

thread_local! {
    static LEASES: Cell<usize> = const { Cell::new(0) };
}

/// Keeps this thread's idle buffers; with the last one they are freed.
///
/// What holds buffers declares it as its last field, since fields are dropped in their order.
#[derive(Debug)]
pub struct Lease(());

impl Lease {
    /// One more.
    pub fn new() -> Self {
        LEASES.set(LEASES.get() + 1);
        Self(())
    }
}

impl Default for Lease {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // It may have come from another thread, whose pool then lasts as long as that thread.
        let left = LEASES.try_with(|leases| {
            leases.set(leases.get().saturating_sub(1));
            leases.get()
        });
        if left == Ok(0) {
            clear();
        }
    }
}

/// The capacity a buffer of `len` values gets: small ones share a shelf.
fn capacity_for(len: usize) -> usize {
    len.next_multiple_of(16)
}

/// A vector of values whose memory is pooled.
#[derive(Debug)]
pub struct Buffer<T: Pooled> {
    values: Vec<T>,
    /// The capacity under which the pool knows it. It does not get back what has another one by now,
    /// nor vectors from elsewhere, where this is 0: nobody would ask for them, and they would pile up.
    shelf: usize,
}

impl<T: Pooled> Buffer<T> {
    /// No values, and room for `len`.
    pub fn with_capacity(len: usize) -> Self {
        if len == 0 {
            return Self::from(Vec::new());
        }
        let capacity = capacity_for(len);
        let idle = T::with_pool(|pool| {
            let shelf = pool.shelves.iter_mut().find(|(of, _)| *of == capacity);
            shelf.and_then(|(_, shelf)| shelf.pop())
        });
        let values = idle.flatten().unwrap_or_else(|| Vec::with_capacity(capacity));
        Self { values, shelf: capacity }
    }

    /// `len` default values.
    pub fn zeros(len: usize) -> Self {
        let mut buffer = Self::with_capacity(len);
        buffer.values.resize(len, T::default());
        buffer
    }

    /// A copy of `values`.
    pub fn copy_of(values: &[T]) -> Self {
        let mut buffer = Self::with_capacity(values.len());
        buffer.values.extend_from_slice(values);
        buffer
    }

    /// The values of an iterator, of which there are at most `len`.
    pub fn collect(len: usize, values: impl IntoIterator<Item = T>) -> Self {
        let mut buffer = Self::with_capacity(len);
        buffer.values.extend(values);
        buffer
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        self.values.push(value);
    }

    /// Adds `values` at the end.
    pub fn extend_from_slice(&mut self, values: &[T]) {
        self.values.extend_from_slice(values);
    }

    /// The vector itself, which no pool gets back.
    pub fn into_vec(mut self) -> Vec<T> {
        std::mem::take(&mut self.values)
    }
}

impl<T: Pooled> Drop for Buffer<T> {
    fn drop(&mut self) {
        let mut values = std::mem::take(&mut self.values);
        let capacity = values.capacity();
        if capacity == 0 || capacity != self.shelf {
            return;
        }
        values.clear();
        T::with_pool(|pool| {
            if let Some((_, shelf)) = pool.shelves.iter_mut().find(|(of, _)| *of == capacity) {
                shelf.push(values);
            } else {
                pool.shelves.push((capacity, vec![values]));
            }
        });
    }
}

impl<T: Pooled> Clone for Buffer<T> {
    fn clone(&self) -> Self {
        Self::copy_of(self)
    }
}

impl<T: Pooled + PartialEq> PartialEq for Buffer<T> {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl<T: Pooled> Default for Buffer<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T: Pooled> From<Vec<T>> for Buffer<T> {
    fn from(values: Vec<T>) -> Self {
        Self { values, shelf: 0 }
    }
}

impl<T: Pooled> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values
    }
}

impl<T: Pooled> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values
    }
}

impl<T: Pooled> FromIterator<T> for Buffer<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let values = values.into_iter();
        let (least, most) = values.size_hint();
        Self::collect(most.unwrap_or(least), values)
    }
}

impl<T: Pooled> Extend<T> for Buffer<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        self.values.extend(values);
    }
}

impl<'a, T: Pooled> IntoIterator for &'a Buffer<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle_f32() -> usize {
        f32::with_pool(|pool| pool.shelves.iter().map(|(_, shelf)| shelf.len()).sum()).unwrap()
    }

    #[test]
    fn a_dropped_buffer_is_taken_again_and_comes_back_empty() {
        clear();
        let mut first = Buffer::<f32>::zeros(100);
        first.fill(7.0);
        let address = first.as_ptr();
        drop(first);
        assert_eq!(idle_f32(), 1);
        let second = Buffer::<f32>::zeros(100);
        assert_eq!(second.as_ptr(), address);
        assert!(second.iter().all(|value| *value == 0.0));
        assert_eq!(idle_f32(), 0);
    }

    #[test]
    fn the_last_lease_frees_what_is_idle() {
        clear();
        let leases = [Lease::new(), Lease::new()];
        drop(Buffer::<f32>::zeros(100));
        let [first, last] = leases;
        drop(first);
        assert_eq!(idle_f32(), 1);
        drop(last);
        assert_eq!(idle_f32(), 0);
    }

    #[test]
    fn only_blocks_of_one_length_are_exchanged() {
        clear();
        drop(Buffer::<f32>::zeros(1000));
        let small = Buffer::<f32>::zeros(10);
        assert_eq!((small.len(), idle_f32()), (10, 1));
        drop(small);
        clear();
        assert_eq!(idle_f32(), 0);
    }

    #[test]
    fn a_buffer_that_grew_is_not_hoarded() {
        clear();
        let mut grown = Buffer::<f32>::with_capacity(16);
        grown.extend_from_slice(&[0.0; 32]);
        assert!(grown.len() > 16);
        drop(grown);
        assert_eq!(idle_f32(), 0);
    }

    #[test]
    fn vectors_from_elsewhere_are_not_hoarded() {
        clear();
        drop(Buffer::from(vec![1.0_f32; 16]));
        drop(Buffer::<f32>::zeros(0));
        let taken = Buffer::collect(4, [1.0_f32, 2.0]).into_vec();
        assert_eq!((taken, idle_f32()), (vec![1.0, 2.0], 0));
    }
}
