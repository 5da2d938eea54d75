package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.PayrollPayment;
import io.farandole.shop.payment.payroll.PayrollPolicy;
import io.farandole.shop.payment.payroll.PayrollSettings;
import io.farandole.shop.payment.payroll.PayrollTerms;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request for a payroll, or says what is wrong with it. Pure. */
final class PayrollIntake {

    static final int MOST_PAYMENTS = 10_000;
    static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private static final Pattern ID_PATTERN = Pattern.compile(ID);
    private static final Duration RUNS_FOR = Duration.ofHours(1);
    private static final Duration SHORTEST_RUN = Duration.ofSeconds(1);
    private static final int LONGEST_URL = 500;

    private final PayrollSettings settings;

    PayrollIntake(PayrollSettings settings) {
        this.settings = settings;
    }

    /** What was asked for, with nothing wrong about it. */
    record Accepted(PayrollTerms terms, List<PayrollPayment> payments, String fingerprint) {}

    Accepted read(PayrollRequest request, Instant now) {
        String account = id("companyAccount", request.companyAccount());
        String currency = Amounts.currency(request.currency());
        PayrollPolicy policy = request.onFailure() == null ? PayrollPolicy.REVERSE : request.onFailure();
        Duration runsFor = runsFor(request.expiresAfter());
        String callback = callback(request.callbackUrl());
        List<PayrollPayment> payments = payments(request.payments(), currency);
        long total = 0;
        for (PayrollPayment payment : payments) {
            total = sum(total, payment.amount().minor());
        }
        PayrollTerms terms = new PayrollTerms(
                account, new Money(total, currency), payments.size(), policy, runsFor, now.plus(runsFor), callback);
        return new Accepted(terms, payments, fingerprint(terms, payments));
    }

    private static long sum(long total, long amount) {
        try {
            return Math.addExact(total, amount);
        } catch (ArithmeticException e) {
            throw PayrollProblem.badRequest("the sum of all amounts is too large");
        }
    }

    private List<PayrollPayment> payments(@Nullable List<PayrollRequest.@Nullable Entry> entries, String currency) {
        if (entries == null || entries.isEmpty()) {
            throw PayrollProblem.badRequest("payments is empty: a payroll pays at least one employee");
        }
        if (entries.size() > MOST_PAYMENTS) {
            throw PayrollProblem.badRequest("payments has more than " + MOST_PAYMENTS + " entries");
        }
        Set<String> employees = new HashSet<>();
        Set<String> branches = new HashSet<>();
        List<PayrollPayment> payments = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            String field = "payments[" + i + "]";
            PayrollRequest.Entry entry = entries.get(i);
            if (entry == null) {
                throw PayrollProblem.badRequest(field + " is missing");
            }
            PayrollPayment payment = payment(field, entry, currency);
            if (!employees.add(payment.employee())) {
                throw PayrollProblem.badRequest(field + ".employee is paid twice in this payroll");
            }
            if (!branches.add(payment.branch())) {
                throw PayrollProblem.badRequest(field + ".branch is there twice in this payroll");
            }
            payments.add(payment);
        }
        return payments;
    }

    private PayrollPayment payment(String field, PayrollRequest.Entry entry, String currency) {
        String employee = id(field + ".employee", entry.employee());
        String branch = entry.branch() == null ? employee : id(field + ".branch", entry.branch());
        String bank = id(field + ".bank", entry.bank());
        if (!settings.banks().containsKey(bank)) {
            throw PayrollProblem.unprocessable(field + ".bank is not known here");
        }
        if (entry.currency() != null && !entry.currency().equals(currency)) {
            throw PayrollProblem.unprocessable(
                    field + ".currency differs from the payroll's: one payroll, one currency");
        }
        String account = id(field + ".account", entry.account());
        return new PayrollPayment(
                branch, employee, bank, account, Amounts.positive(field + ".amount", entry.amount(), currency));
    }

    private Duration runsFor(@Nullable String text) {
        if (text == null) {
            return RUNS_FOR.compareTo(settings.longestRun()) > 0 ? settings.longestRun() : RUNS_FOR;
        }
        Duration duration;
        try {
            duration = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw PayrollProblem.badRequest("expiresAfter must be an ISO 8601 duration, such as PT1H");
        }
        if (duration.compareTo(SHORTEST_RUN) < 0) {
            throw PayrollProblem.badRequest("expiresAfter must be one second or more: this one has expired already");
        }
        if (duration.compareTo(settings.longestRun()) > 0) {
            throw PayrollProblem.badRequest("expiresAfter must not be longer than " + settings.longestRun());
        }
        return duration;
    }

    private @Nullable String callback(@Nullable String text) {
        if (text == null) {
            return null;
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw PayrollProblem.badRequest("callbackUrl is not an address");
        }
        boolean plain = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!plain
                || uri.getHost() == null
                || uri.getUserInfo() != null
                || uri.getFragment() != null
                || text.length() > LONGEST_URL) {
            throw PayrollProblem.badRequest(
                    "callbackUrl must be an http or https address with a host, without user or fragment, of at most "
                            + LONGEST_URL + " characters");
        }
        if (!settings.callback().hosts().contains(uri.getHost())) {
            throw PayrollProblem.unprocessable(
                    "callbackUrl names a host that notices are not sent to; whoever runs this service can allow it"
                            + " (shop.payroll.callback.hosts)");
        }
        return text;
    }

    static String id(String field, @Nullable String value) {
        if (value == null || !ID_PATTERN.matcher(value).matches()) {
            throw PayrollProblem.badRequest(field + " must have 1 to 64 letters, digits, dots, underscores or hyphens,"
                    + " and begin with a letter or digit");
        }
        return value;
    }

    /** Of everything that was asked for, and not of when. */
    private static String fingerprint(PayrollTerms terms, List<PayrollPayment> payments) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, terms.companyAccount());
            add(digest, terms.total().currency());
            add(digest, terms.policy().name());
            add(digest, terms.runsFor().toString());
            add(digest, Objects.requireNonNullElse(terms.callbackUrl(), ""));
            for (PayrollPayment payment : payments) {
                add(digest, payment.branch());
                add(digest, payment.employee());
                add(digest, payment.bank());
                add(digest, payment.account());
                add(digest, Long.toString(payment.amount().minor()));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
