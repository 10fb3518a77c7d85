//! The products as three plain loops: what the fast ones must equal bit for bit.

/// `c[m,n] += a[m,k]·b[k,n]`.
pub fn nn(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    product(m, n, k, |i, p| a[i * k + p], |p, j| b[p * n + j], c);
}

/// `c[m,n] += aᵀ·b` with `a` stored as `[k,m]`.
pub fn tn(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    product(m, n, k, |i, p| a[p * m + i], |p, j| b[p * n + j], c);
}

/// `c[m,n] += a·bᵀ` with `b` stored as `[n,k]`.
pub fn nt(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    product(m, n, k, |i, p| a[i * k + p], |p, j| b[j * k + p], c);
}

fn product(
    m: usize,
    n: usize,
    k: usize,
    a: impl Fn(usize, usize) -> f32,
    b: impl Fn(usize, usize) -> f32,
    c: &mut [f32],
) {
    for i in 0..m {
        for j in 0..n {
            let mut sum = c[i * n + j];
            for p in 0..k {
                sum += a(i, p) * b(p, j);
            }
            c[i * n + j] = sum;
        }
    }
}
