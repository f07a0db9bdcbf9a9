// SPDX-License-Identifier: Apache-2.0

/// LaTeX mathematics with every common delimiter: `\( \)`, `$ $`, `\[ \]`, `$$ $$` and an aligned environment.
enum MathAnswer {
    static let text: String = #"""
        Let us find the area under the bell curve. Call the integral \(I\), where

        \[
        I = \int_{-\infty}^{\infty} e^{-x^2} \, dx .
        \]

        The function $e^{-x^2}$ has no elementary antiderivative, so we square the integral and treat the product as a \#
        double integral over the plane. In polar coordinates \(x = r\cos\theta\), \(y = r\sin\theta\), the area element \#
        becomes \(dx\,dy = r\,dr\,d\theta\), and therefore

        $$
        \begin{aligned}
        I^2 &= \int_{-\infty}^{\infty} \int_{-\infty}^{\infty} e^{-(x^2 + y^2)} \, dx \, dy \\
            &= \int_{0}^{2\pi} \int_{0}^{\infty} e^{-r^2} \, r \, dr \, d\theta \\
            &= 2\pi \left[ -\tfrac{1}{2} e^{-r^2} \right]_{0}^{\infty} = \pi .
        \end{aligned}
        $$

        Since $I > 0$, we conclude that $I = \sqrt{\pi} \approx 1.772$. Scaling by \(\sigma\sqrt{2}\) gives the normal \#
        density

        \[
        f(x) = \frac{1}{\sigma\sqrt{2\pi}} \exp\!\left( -\frac{(x - \mu)^2}{2\sigma^2} \right),
        \]

        whose total area is exactly $1$ for every mean $\mu$ and every $\sigma > 0$.
        """#
}
