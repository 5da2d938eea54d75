package io.farandole.shop.payment.payroll.web;

import io.farandole.axon.RowChanges;
import io.farandole.shop.payment.payroll.CompanyAccountEvent;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyAccountOpened;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyCredited;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyDebited;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyDeposited;
import io.farandole.shop.payment.payroll.OnBanks;
import java.util.function.Consumer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** Writes an account's row in the transaction that appends its events: what was deposited is there to be seen. */
@Component
@Conditional(OnBanks.class)
@ProcessingGroup(CompanyAccountProjection.GROUP)
class CompanyAccountProjection {

    static final String GROUP = "company-accounts";

    private final RowChanges<String, CompanyAccountView> rows;

    CompanyAccountProjection(CompanyAccountViews views) {
        this.rows = new RowChanges<>(views::findAllByAccountIdIn, CompanyAccountView::getId, views::save);
    }

    @EventHandler
    void on(CompanyAccountOpened event) {
        rows.change(
                event.accountId(),
                row -> row == null ? new CompanyAccountView(event.accountId(), event.currency()) : row);
    }

    @EventHandler
    void on(CompanyDeposited event) {
        change(event, row -> row.deposited(event.amount()));
    }

    @EventHandler
    void on(CompanyDebited event) {
        change(event, row -> row.debited(event.amount()));
    }

    @EventHandler
    void on(CompanyCredited event) {
        change(event, row -> row.credited(event.amount()));
    }

    private void change(CompanyAccountEvent event, Consumer<CompanyAccountView> change) {
        rows.change(event.accountId(), row -> {
            if (row == null) {
                throw new IllegalStateException("Company account " + event.accountId()
                        + " has events but no row in app.company_account: rebuild the read model from the journal");
            }
            change.accept(row);
            return row;
        });
    }
}
