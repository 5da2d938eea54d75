package io.farandole.bench;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was measured, beside what it is compared with.
 *
 * @param name what it is, distinct within an outcome
 * @param unit what it is counted in
 * @param ours what was measured of ours
 * @param baseline what was measured of the baseline, if there is one
 * @param baselineName who the baseline is; empty without one
 * @param ratio ours over the baseline, if there is one
 * @param target what should be, if anything is asked for
 * @param met whether the target is met; true without one
 */
public record Figure(
        String name,
        String unit,
        double ours,
        @Nullable Double baseline,
        String baselineName,
        @Nullable Double ratio,
        @Nullable Target target,
        boolean met) {

    /** A figure without baseline and target. */
    public static Figure of(String name, String unit, double ours) {
        return new Figure(name, unit, ours, null, "", null, null, true);
    }

    /** The same beside a baseline in the same unit. */
    public Figure against(String otherName, double other) {
        return new Figure(name, unit, ours, other, otherName, other == 0 ? null : ours / other, null, true);
    }

    /** The same, which should be so much at most. */
    public Figure atMost(double limit) {
        return aimingAt(new Target(Target.Of.OURS, Target.Bound.AT_MOST, limit));
    }

    /** The same, which should be so much at least. */
    public Figure atLeast(double limit) {
        return aimingAt(new Target(Target.Of.OURS, Target.Bound.AT_LEAST, limit));
    }

    /** The same, which should be so many times the baseline at most. */
    public Figure ratioAtMost(double limit) {
        return aimingAt(new Target(Target.Of.RATIO, Target.Bound.AT_MOST, limit));
    }

    /** The same, which should be so many times the baseline at least. */
    public Figure ratioAtLeast(double limit) {
        return aimingAt(new Target(Target.Of.RATIO, Target.Bound.AT_LEAST, limit));
    }

    private Figure aimingAt(Target aim) {
        if (aim.of() == Target.Of.OURS) {
            return new Figure(name, unit, ours, baseline, baselineName, ratio, aim, aim.isMet(ours));
        }
        // A baseline of 0 has no ratio, and so meets no target of one.
        return new Figure(name, unit, ours, baseline, baselineName, ratio, aim, ratio != null && aim.isMet(ratio));
    }
}
