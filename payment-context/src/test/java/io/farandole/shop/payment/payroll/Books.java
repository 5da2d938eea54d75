package io.farandole.shop.payment.payroll;

import io.farandole.testkit.JournalLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks for anything wrong with the books, from the journal alone: no account ever below zero, every payroll's money where it says it
 * is, none of it in two places; and, compared with the banks, nobody who has what he should not.
 */
final class Books {

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Long> balances = new HashMap<>();
    private final Map<String, Long> debited = new HashMap<>();
    private final Map<String, Long> credited = new HashMap<>();
    private final Map<String, Map<Integer, Entry>> salaries = new HashMap<>();
    private final Set<String> settled = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();

    private Books() {}

    private static final class Entry {
        private String branch = "";
        private long amount;
        private String phase = "LISTED";
        private boolean surelyPaid;
    }

    /** Everything that is wrong; empty if nothing is. Once no payroll is under way. */
    static List<String> wrongIn(List<JournalLine> journal, @Nullable StandInBanks banks) {
        Books books = new Books();
        journal.stream().filter(JournalLine::own).forEach(books::read);
        books.compare(banks);
        return books.wrong;
    }

    private void read(JournalLine line) {
        String type = line.type().replaceFirst("^payment\\.", "");
        JsonNode body = JSON.readTree(line.payload());
        switch (type) {
            case "company-deposited" -> move(body, amount(body));
            case "company-debited" -> {
                move(body, -amount(body));
                debited.merge(body.get("globalId").asString(), amount(body), Long::sum);
            }
            case "company-credited" -> {
                move(body, amount(body));
                credited.merge(body.get("globalId").asString(), amount(body), Long::sum);
            }
            case "payroll-settled" -> settled.add(body.get("globalId").asString());
            case "salary-listed" -> {
                Entry entry = entry(body);
                entry.branch = body.get("payment").get("branch").asString();
                entry.amount = amount(body.get("payment"));
            }
            default -> {
                if (type.startsWith("salary-")) {
                    Entry entry = entry(body);
                    entry.phase = type.substring("salary-".length());
                    if (type.equals("salary-paid")) {
                        entry.surelyPaid = true;
                    }
                    if (type.equals("salary-retried")
                            && body.get("ask").get("ask").asString().equals("PAY")) {
                        entry.branch = body.get("ask").get("bankBranch").asString();
                    }
                }
            }
        }
    }

    private Entry entry(JsonNode body) {
        return salaries.computeIfAbsent(body.get("globalId").asString(), key -> new HashMap<>())
                .computeIfAbsent(body.get("position").asInt(), key -> new Entry());
    }

    private static long amount(JsonNode body) {
        return body.get("amount").get("minor").asLong();
    }

    private void move(JsonNode body, long amount) {
        String account = body.get("accountId").asString();
        if (balances.merge(account, amount, Long::sum) < 0) {
            wrong.add("account " + account + " is below zero");
        }
    }

    private void compare(@Nullable StandInBanks banks) {
        Map<String, Long> atBanks = banks == null ? new HashMap<>() : new HashMap<>(banks.all());
        debited.forEach((payroll, taken) -> {
            if (!settled.contains(payroll)) {
                wrong.add("payroll " + payroll + " is not settled");
                return;
            }
            long kept = 0;
            long missing = 0;
            for (Entry entry : salaries.getOrDefault(payroll, Map.of()).values()) {
                Long there = atBanks.remove(payroll + "/" + entry.branch);
                switch (entry.phase) {
                    case "paid" -> {
                        kept += entry.amount;
                        if (banks != null && there == null) {
                            wrong.add(payroll + "/" + entry.branch + " is paid, and its bank has nothing");
                        }
                    }
                    case "stuck", "written-off" -> missing += entry.amount;
                    case "asked", "retried", "held", "unresolved" ->
                        wrong.add(payroll + "/" + entry.branch + " is " + entry.phase + " after the end");
                    default -> {
                        if (there != null) {
                            wrong.add(payroll + "/" + entry.branch + " is " + entry.phase + ", and its bank has "
                                    + there);
                        }
                    }
                }
            }
            long back = credited.getOrDefault(payroll, 0L);
            if (back + kept + missing != taken) {
                wrong.add("payroll " + payroll + ": credited " + back + " + kept " + kept + " + missing " + missing
                        + " is not " + taken);
            }
        });
        atBanks.forEach((id, amount) -> wrong.add(id + " has " + amount + " that no payroll paid"));
    }
}
